"""Every command of every lab, run as a reader does it, shows what the page says."""

from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path

import pytest

from tools.labs.classroom import Classroom, opened
from tools.labs.lesson import PAGES, Shown, Step, read
from tools.labs.seeing import aligned, lines_of, normalised

pytestmark = [pytest.mark.engine, pytest.mark.teaching]


@pytest.fixture(scope="module")
def classroom() -> Iterator[Classroom]:
    with opened(impatient=True) as room:
        yield room


def differences(steps: list[Step], seen: list[str]) -> list[str]:
    """Return the difference of each step that did not show what it should."""
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
        assert classroom.left() == []
    except AssertionError:
        classroom.tidy()
        raise


def test_a_lab_ends_at_the_first_command_that_fails(classroom: Classroom) -> None:
    done = classroom.do([Step(commands, 1) for commands in ("echo one\n", "false\necho two\n", "echo three\n")])
    assert ([text.strip() for text in done.seen], done.code) == (["one", ""], 1)


def test_what_a_page_says_wrongly_is_told_with_its_line() -> None:
    right, wrong = Step("", 7, [Shown("1,530 JPY\n", 9, 10)]), Step("", 17, [Shown("1,531 JPY\n", 19, 20)])
    [difference] = differences([right, wrong], ["1,530 JPY\n", "1,530 JPY\n"])
    assert difference.splitlines()[0] == "line 17:"
    assert "-1,531 JPY" in difference
