"""A generated page is written if it is not current, and removed with its source; other pages are left alone."""

from pathlib import Path

import pytest

from takeaway.study.docs import __main__ as command
from takeaway.study.docs import generated
from takeaway.study.docs.events.pages import MARK

PAGE = "docs/generated/events/order_placed.md"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "docs/generated/events").mkdir(parents=True)
    return tmp_path


def outdated(root: Path, **right: str) -> dict[str, str | None]:
    return generated.outdated_pages(root, lambda _: {PAGE: f"{MARK}\n# order_placed\n", **right})


def test_a_missing_and_a_stale_page_are_found_and_a_current_one_is_not(root: Path) -> None:
    assert list(outdated(root)) == [PAGE]
    (root / PAGE).write_text(f"{MARK}\n# something else\n", encoding="utf-8")
    assert list(outdated(root)) == [PAGE]
    (root / PAGE).write_text(f"{MARK}\n# order_placed\n", encoding="utf-8")
    assert outdated(root) == {}


def test_the_page_of_an_event_that_is_gone_goes_too_and_one_by_hand_stays(root: Path) -> None:
    (root / PAGE).write_text(f"{MARK}\n# order_placed\n", encoding="utf-8")
    (root / "docs/generated/events/order_eaten.md").write_text(f"{MARK}\n# order_eaten\n", encoding="utf-8")
    (root / "docs/event-changes.md").write_text("# By hand\n", encoding="utf-8")
    assert outdated(root) == {"docs/generated/events/order_eaten.md": None}


def run(monkeypatch: pytest.MonkeyPatch, root: Path, *arguments: str) -> int:
    stale = outdated(root)
    with monkeypatch.context() as patched:
        patched.setattr("sys.argv", ["takeaway.study.docs", *arguments])
        patched.setattr(generated, "outdated_sections", lambda _: {})
        patched.setattr(generated, "outdated_pages", lambda _: stale)
        return command.main(root)


def test_the_command_writes_what_is_missing_and_removes_what_is_gone(
    monkeypatch: pytest.MonkeyPatch, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = root / "docs/generated/events/order_eaten.md"
    gone.write_text(f"{MARK}\n", encoding="utf-8")
    assert run(monkeypatch, root, "--check") == 1
    assert gone.exists()
    assert run(monkeypatch, root) == 0
    assert not gone.exists()
    assert (root / PAGE).exists()
    assert "docs/generated/events/order_eaten.md: removed" in capsys.readouterr().out
    assert run(monkeypatch, root, "--check") == 0
