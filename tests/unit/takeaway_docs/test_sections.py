"""A generated section replaces what stands between its markers, and nothing around it."""

from pathlib import Path

import pytest

from takeaway.docs import pages, sections
from takeaway.docs.sections import END, MissingMarkers, Section

REPOSITORY = Path(__file__).parents[3]
GREETING = Section("page.md", "greeting", lambda _root: "hello")


def page(root: Path, text: str) -> Path:
    path = root / "page.md"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_generated_page_of_the_repository_is_current() -> None:
    stale = [*sections.outdated(REPOSITORY), *pages.outdated(REPOSITORY)]
    assert stale == [], "run `make docs` and commit what it wrote"


def test_a_stale_section_is_found_and_only_it_changes(tmp_path: Path) -> None:
    page(tmp_path, f"before\n{GREETING.start}\nold\n{END}\nafter\n")
    assert sections.outdated(tmp_path, (GREETING,)) == {"page.md": f"before\n{GREETING.start}\nhello\n{END}\nafter\n"}


def test_a_current_page_is_left_alone(tmp_path: Path) -> None:
    page(tmp_path, f"{GREETING.start}\nhello\n{END}\n")
    assert sections.outdated(tmp_path, (GREETING,)) == {}


def test_two_sections_of_one_page_are_both_written(tmp_path: Path) -> None:
    farewell = Section("page.md", "farewell", lambda _root: "good-bye")
    page(tmp_path, f"{GREETING.start}\n{END}\n{farewell.start}\n{END}\n")
    assert sections.outdated(tmp_path, (GREETING, farewell))["page.md"].count("hello") == 1
    assert "good-bye" in sections.outdated(tmp_path, (GREETING, farewell))["page.md"]


@pytest.mark.parametrize("text", ["no markers\n", f"{GREETING.start}\nno end\n", f"{END}\n{GREETING.start}\n"])
def test_a_page_without_a_place_for_it_says_what_it_needs(tmp_path: Path, text: str) -> None:
    page(tmp_path, text)
    with pytest.raises(MissingMarkers, match=r"page\.md"):
        sections.outdated(tmp_path, (GREETING,))
