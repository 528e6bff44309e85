"""Everything that the pages tell to type exists: the program's commands, make's targets, the folders of tests."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from takeaway.main import app
from takeaway.paths import REPOSITORY

PAGES = [
    REPOSITORY / "README.md",
    *(REPOSITORY / "docs").glob("*.md"),
    *REPOSITORY.glob("docs/readers/*.md"),
    REPOSITORY / "docs/labs/README.md",
    REPOSITORY / "docs/labs/teaching.md",
    *REPOSITORY.glob("docs/runbooks/*.md"),
    *REPOSITORY.glob("contexts/*/README.md"),
]
BLOCK = re.compile(r"^```\n(?P<block>.*?)^```$", re.MULTILINE | re.DOTALL)
CALL = re.compile(
    r"(?:^|[;&]|\$\()\s*(?:[A-Z_]+=\S+\s+)*(?P<program>takeaway|make|pytest)(?=\s)(?P<rest>[^;&#)\n]*)", re.MULTILINE
)
COMMANDS = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
TARGETS = set(re.findall(r"^([a-z-]+):", (REPOSITORY / "Makefile").read_text(), re.MULTILINE))


def calls(page: str) -> Iterator[tuple[str, list[str]]]:
    for block in BLOCK.findall(page):
        for program, rest in CALL.findall(block):
            words = re.sub(r"--stage \S+", "", rest).split()
            yield program, [word for word in words if not word.startswith("-")]


def unknown(page: str) -> list[str]:
    found = []
    for program, words in calls(page):
        if program == "takeaway" and words and words[0] not in COMMANDS:
            found.append(f"takeaway {words[0]}")
        elif program == "make" and words and words[0] not in TARGETS:
            found.append(f"make {words[0]}")
        elif program == "pytest":
            found += [f"pytest {word}" for word in words if not (REPOSITORY / word).exists()]
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_a_page_tells_to_type_what_there_is(page: Path) -> None:
    assert unknown(page.read_text(encoding="utf-8")) == []


def test_a_command_that_there_is_not_would_be_noticed() -> None:
    page = "```\nmake up && takeaway fly --high\nID=$(takeaway order x.json)\npytest tests/nobody\n```\n"
    assert unknown(page) == ["takeaway fly", "pytest tests/nobody"]
