"""Run the whole comparison: story after story, most of them in all systems at the same time."""

import time
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from takeaway.run.deploy import tools
from takeaway.run.deploy.deployment import Progress
from takeaway.study.compare.all_four import ACCEPT_TIMEOUT, DELIVERY_TIMEOUT, AllFour, four_of_its_own
from takeaway.study.compare.contender import Contender
from takeaway.study.compare.findings import Cell, Comparison, Section, Told, beside
from takeaway.study.compare.machine import Machine
from takeaway.study.compare.stories import STORIES, Story, texts
from takeaway.wiring import Wiring


def compare(progress: Progress, *, orders: int, only: Collection[str] = ()) -> Comparison:
    """Run the stories, or `only` those of these sections, and return the comparison. Raises TakeawayError."""
    machine, began = Machine.this(), time.monotonic()
    stories = [story for story in STORIES if not only or story.anchor in only]
    sections: list[Section] = []
    with ThreadPoolExecutor(len(STORIES)) as meanwhile:
        try:
            with four_of_its_own(
                accept_timeout=ACCEPT_TIMEOUT, delivery_timeout=DELIVERY_TIMEOUT, progress=progress
            ) as four:
                for alone in (True, False):  # timed stories first, so that nothing else runs beside them
                    lived = [story for story in stories if story.alone is alone]
                    begun = [meanwhile.submit(_begun, story, four, orders) for story in lived]
                    sections += [_lived(*each, four, progress) for each in zip(lived, begun, strict=True)]
        except BaseException:
            tools.stop_all()
            raise
    sections.sort(key=lambda each: list(texts()).index(each.anchor))
    return Comparison(
        at=datetime.now(UTC), seconds=round(time.monotonic() - began, 1), machine=machine, sections=sections
    )


def _begun(story: Story, four: AllFour, orders: int) -> Mapping[Wiring, Any]:
    return _in_each(four, lambda each: story.begin(each, orders))


def _lived(story: Story, begun: Future[Mapping[Wiring, Any]], four: AllFour, progress: Progress) -> Section:
    title = texts()[story.anchor].title
    progress.step(title)
    began = time.monotonic()
    given = begun.result()
    told = _in_each(four, lambda each: story.live(each, given[each.wiring]), alone=story.alone)
    progress.done(f"{title} ({time.monotonic() - began:.0f} s)")
    return section(story, told)


def section(story: Story, told: Mapping[Wiring, Told]) -> Section:
    text = texts()[story.anchor]
    absent = Cell(text=story.absent) if story.absent else None
    return Section(
        anchor=story.anchor,
        title=text.title,
        told=text.told,
        rows=beside({wiring: each.cells for wiring, each in told.items()}, absent),
        matrices={wiring: each.matrix for wiring, each in told.items() if each.matrix},
        pictures=[picture for each in told.values() for picture in each.pictures],
    )


def _in_each(four: AllFour, do: Callable[[Contender], Any], *, alone: bool = False) -> dict[Wiring, Any]:
    with ThreadPoolExecutor(1 if alone else len(four)) as pool:
        tasks = {wiring: pool.submit(do, contender) for wiring, contender in four.items()}
        try:
            return {wiring: task.result() for wiring, task in tasks.items()}
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
