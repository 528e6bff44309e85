"""The cost of a change is counted whole: generated lines, and those written by hand."""

from pathlib import Path

import pytest

from takeaway.errors import UsageError
from takeaway.study.compare.changes import CHANGES, ChangeCost, Size, changed, counted, numstat
from takeaway.study.compare.changes_copies import GENERATION, Generation
from takeaway.study.compare.stories.change_requests import cells

LOYALTY = CHANGES / "loyalty-neighbour" / "hybrid.patch"
PATCH = "--- /dev/null\n+++ b/contexts/loyalty/domain/new.py\n@@ -0,0 +1 @@\n+POINTS = 10\n"


def test_a_generated_change_counts_with_what_is_generated_and_tells_apart_what_is_written_by_hand() -> None:
    cost = counted("loyalty-neighbour", LOYALTY, ())
    paths = {path for _, _, path in changed(LOYALTY)}
    by_hand = {path for _, _, path in numstat(LOYALTY)}
    generated = paths - by_hand
    assert {"contexts/loyalty/cdk.json", "contexts/loyalty/infrastructure/app.py"} <= generated
    assert {"contexts/loyalty/infrastructure/stack.py", "docs/runbooks/loyalty.md"} <= generated
    assert by_hand < paths
    assert (cost.all.files, cost.contexts) == (len(paths), ("loyalty",))
    assert cost.by_hand is not None
    assert cost.by_hand.files == len(by_hand) <= 4
    assert cost.all.lines_added > cost.by_hand.lines_added


def test_what_is_generated_is_told_beside_what_is_not() -> None:
    cost = ChangeCost("loyalty-neighbour", Size(30, 500, 1, 180), Size(4, 11, 5, 1))
    files, lines, *_ = cells(cost).values()
    assert (files.text, files.value) == ("30, by hand 4", 30)
    assert lines.text == "+500 −1, tests +180; by hand +11 −5, tests +1"


def test_a_change_without_a_generator_is_its_patch(tmp_path: Path) -> None:
    patch = tmp_path / "hybrid.patch"
    patch.write_text(PATCH, encoding="utf-8")
    assert Generation.of(patch) is None
    assert counted("points", patch, ()).by_hand is None
    assert changed(patch) == numstat(patch) == [(1, 0, "contexts/loyalty/domain/new.py")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('new_context = "loyalty"', "on\n  Field required"),
        ('new_context = "loyalty"\non = "order_completed"\nwhere = "here"', "where\n  Extra inputs"),
        ("new_context loyalty", "Expected '='"),
    ],
)
def test_what_is_wrong_with_how_a_change_is_generated_is_named(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / GENERATION).write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=GENERATION) as refused:
        Generation.of(tmp_path / "hybrid.patch")
    assert said in str(refused.value)


@pytest.mark.parametrize(("name", "event"), [("orders", "order_completed"), ("loyalty", "order_eaten")])
def test_a_context_that_cannot_be_generated_is_refused_before_a_patch_is_applied(
    tmp_path: Path, name: str, event: str
) -> None:
    (tmp_path / GENERATION).write_text(f'new_context = "{name}"\non = "{event}"\n', encoding="utf-8")
    (tmp_path / "hybrid.patch").write_text(PATCH, encoding="utf-8")
    with pytest.raises(UsageError, match=r"nothing was written|event that has a schema"):
        changed(tmp_path / "hybrid.patch")
