"""Do labs, and write their outputs into the pages: python -m tools.labs [01 05 …]; all if none is named.

Lines that a page leaves out (`…`) stay out. A block that does not match any more is written whole, to be shortened by
hand.
"""

import sys
from pathlib import Path

from tools.labs.classroom import Classroom, opened
from tools.labs.lesson import PAGES, Step, read
from tools.labs.seeing import aligned, lines_of, refreshed


def refresh(page: Path, classroom: Classroom) -> bool:
    """Do the lab and write its page; False if a command failed."""
    steps = read(page)
    done = classroom.do(steps)
    lines = page.read_text(encoding="utf-8").splitlines()
    for step, seen in reversed(list(zip(steps, done.seen, strict=False))):
        replace(lines, step, lines_of(seen))
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{page.name}: {'done' if done.code == 0 else f'failed at: {steps[len(done.seen) - 1].commands}'}")
    return done.code == 0


def replace(lines: list[str], step: Step, seen: list[str]) -> None:
    """Replace a step's output on the page: the alternative that matches, else the first one."""
    if step.shown:
        like = [shown for shown in step.shown if aligned(lines_of(shown.text), seen) is not None]
        shown = (like or step.shown)[0]
        lines[shown.start : shown.end] = refreshed(lines_of(shown.text), seen)


def main(wanted: list[str]) -> int:
    with opened(impatient=False) as classroom:
        pages = [page for page in PAGES if not wanted or page.name[:2] in wanted]
        results = []
        for page in pages:
            results.append(refresh(page, classroom))
            if not results[-1]:
                classroom.tidy()
    return 0 if results and all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
