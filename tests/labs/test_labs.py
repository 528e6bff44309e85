"""Every command of every lab, done as a reader does it, shows what the page says."""

from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path

import pytest

from tests.labs.classroom import Classroom, opened
from tests.labs.lesson import PAGES, Step, read
from tests.labs.seeing import aligned, lines_of, normalised

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def classroom() -> Iterator[Classroom]:
    with opened(impatient=True) as room:
        yield room


def differences(steps: list[Step], seen: list[str]) -> list[str]:
    """Of each step that did not show what it should."""
    return [
        "\n".join([f"line {step.line}:", *_compared(step.shown[0].text, each)])
        for step, each in zip(steps, seen, strict=False)
        if step.shown and not any(aligned(lines_of(shown.text), lines_of(each)) is not None for shown in step.shown)
    ]


def _compared(shown: str, seen: str) -> list[str]:
    first, second = ([normalised(line) for line in lines_of(text)] for text in (shown, seen))
    return list(unified_diff(first, second, "the page", "this time", lineterm=""))


@pytest.mark.timeout(600)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_lab_can_be_done_and_shows_what_its_page_says(page: Path, classroom: Classroom) -> None:
    steps = list(read(page))
    done = classroom.do(steps)
    try:
        assert differences(steps, list(done.seen)) == []
        assert done.code == 0, f"{steps[len(done.seen) - 1].commands}\n{done.seen[-1]}"
    except AssertionError:
        classroom.tidy()
        raise
