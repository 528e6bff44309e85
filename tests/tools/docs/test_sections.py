"""A generated section replaces the text between its markers, and nothing around it."""

from pathlib import Path

import pytest
from cogapp.cogapp import CogError

from takeaway.paths import REPOSITORY
from takeaway.study.docs import __main__ as command
from takeaway.study.docs import generated

START, END = "<!-- [[[cog cog.out(greeting()) ]]] make docs -->", "<!-- [[[end]]] -->"


def outdated(root: Path, text: str) -> str | None:
    """Return the page as it should be, or None if it is so."""
    page = root / "docs/page.md"
    page.parent.mkdir(exist_ok=True)
    page.write_text(text, encoding="utf-8")
    return generated.outdated_sections(root, greeting=lambda: "hello", farewell=lambda: "good-bye").get("docs/page.md")


def test_every_generated_page_of_the_repository_is_current() -> None:
    stale = [*generated.outdated_sections(REPOSITORY), *generated.outdated_pages(REPOSITORY)]
    assert stale == [], "run `make docs` and commit what it wrote"


def test_a_stale_section_is_found_and_only_it_changes(tmp_path: Path) -> None:
    stale = f"before\n{START}\nold\n{END}\nafter\n"
    assert outdated(tmp_path, stale) == f"before\n{START}\nhello\n{END}\nafter\n"


@pytest.mark.parametrize("text", [f"{START}\nhello\n{END}\n", "no section, and ]]] of its own\n"])
def test_a_current_page_is_left_alone(tmp_path: Path, text: str) -> None:
    assert outdated(tmp_path, text) is None


def test_two_sections_of_one_page_are_both_written(tmp_path: Path) -> None:
    farewell = START.replace("greeting", "farewell")
    assert outdated(tmp_path, f"{START}\n{END}\n{farewell}\n{END}\n") == (
        f"{START}\nhello\n{END}\n{farewell}\ngood-bye\n{END}\n"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{START}\nno end\n", r"docs/page\.md\(2\): Missing '\[\[\[end\]\]\]'"),
        (f"{END}\n{START}\n", r"docs/page\.md\(1\): Unexpected '\[\[\[end\]\]\]'"),
        (f"{START.replace('greeting', 'gone')}\n{END}\n", "name 'gone' is not defined"),
    ],
)
def test_a_page_without_a_place_for_it_says_what_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    with pytest.raises(CogError, match=said):
        outdated(tmp_path, text)
    monkeypatch.setattr("sys.argv", ["takeaway.study.docs", "--check"])
    with pytest.raises(SystemExit, match=said):
        command.main(tmp_path)
