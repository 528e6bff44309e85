"""Every page begins with whom it is for, and what they can do after it."""

import re
from pathlib import Path

import pytest

from takeaway.paths import REPOSITORY

PAGES = [
    REPOSITORY / "CONTRIBUTING.md",
    *REPOSITORY.glob("docs/**/*.md"),
    *(REPOSITORY / f"contexts/{name}/README.md" for name in ("orders", "promotions", "analytics", "console")),
    *REPOSITORY.glob("examples/**/README.md"),
    REPOSITORY / "shared/schemas/README.md",
]
RECORDS = re.compile(r"docs/(adr|evidence)/\d")  # of a day, and not written anew
COMMENT = re.compile(r"<!--.*?-->\n*", re.DOTALL)
HEAD = re.compile(r"\*\*For\*\* .+\*\*After (this page|the first three)\*\* ")
LAB = re.compile(r"\*\*After this lab\*\* you can explain .+ \*\*Takes\*\* \d+ minutes")


def begins_well(name: str, text: str) -> bool:
    """Tell if a page's first paragraph says whom it is for, or a lab's what it explains and how long it takes."""
    head = LAB if re.search(r"labs/\d", name) else HEAD
    first, _, _ = COMMENT.sub("", text).partition("\n\n")[2].partition("\n\n")
    return bool(head.match(" ".join(first.split())))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(REPOSITORY).as_posix())
def test_a_page_says_whom_it_is_for_and_what_they_can_do_after_it(page: Path) -> None:
    name = page.relative_to(REPOSITORY).as_posix()
    assert RECORDS.match(name) or begins_well(name, page.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("docs/a.md", "# A\n\nIt is about this.\n\n**For** you. **After this page** you know.\n"),
        ("docs/a.md", "# A\n\n**For** you.\n"),
        ("docs/labs/01-a.md", "# Lab 1\n\n**After this lab** you can explain it.\n\nWords.\n"),
    ],
    ids=["later", "half of it", "a lab without its time"],
)
def test_a_page_that_begins_otherwise_is_found(name: str, text: str) -> None:
    assert not begins_well(name, text)
