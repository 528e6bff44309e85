"""The tests that the argument points to exist: a renamed test would leave a claim without its proof."""

import re
from pathlib import Path

from takeaway.study.compare.stories import texts
from tests.tools.docs.test_links import REPOSITORY

PAGE = REPOSITORY / "docs" / "systems.md"
SECTIONS = set(texts())
TEST = re.compile(r"`(?P<file>tests/[\w/]+\.py)::(?P<name>\w+)`")
SECTION = re.compile(r"comparison\.md#([\w-]+)")
STEP = re.compile(r"^\| (\d+) \|", re.MULTILINE)


def dangling(text: str) -> list[str]:
    """Return the tests and sections of the comparison that are pointed to and do not exist."""
    tests = [found[0] for found in TEST.finditer(text) if not is_there(REPOSITORY / found["file"], found["name"])]
    return tests + [section for section in SECTION.findall(text) if section not in SECTIONS]


def is_there(file: Path, test: str) -> bool:
    return file.exists() and f"\ndef {test}(" in file.read_text(encoding="utf-8")


def test_every_test_and_section_that_the_argument_points_to_is_there() -> None:
    pages = [PAGE, *(REPOSITORY / "docs" / "labs").glob("*.md")]
    assert {page.name: found for page in pages if (found := dangling(page.read_text(encoding="utf-8")))} == {}


def test_every_point_has_something_that_measures_or_shows_it() -> None:
    argument, _ = PAGE.read_text(encoding="utf-8").split("## The article's fifteen steps", 1)
    points = [line for line in argument.splitlines() if line.startswith("| ") and "where to see it" not in line]
    assert len(points) > 15
    assert [point for point in points if not (TEST.search(point) or SECTION.search(point))] == []


def test_every_section_of_the_comparison_is_pointed_to() -> None:
    assert set(SECTION.findall(PAGE.read_text(encoding="utf-8"))) == SECTIONS


def test_all_fifteen_steps_of_the_article_are_there() -> None:
    assert [int(number) for number in STEP.findall(PAGE.read_text(encoding="utf-8"))] == list(range(1, 16))


def test_a_pointer_to_nothing_would_be_noticed() -> None:
    e2e = "tests/system/e2e"
    nothing = f"`{e2e}/test_orders.py::test_pigs_fly` `{e2e}/test_pigs.py::test_pigs_fly` comparison.md#pigs"
    assert len(dangling(nothing)) == 3
