"""The whole comparison: story after story, most of them in all three systems at the same time."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from takeaway.run.deploy import tools
from takeaway.run.deploy.deployment import Progress
from takeaway.study.compare.changes import ChangeCost, measured_changes
from takeaway.study.compare.findings import Cell, Comparison, Section, beside
from takeaway.study.compare.machine import Machine
from takeaway.study.compare.stories import CHANGES, STORIES, texts
from takeaway.study.compare.stories.change_requests import costs
from takeaway.study.compare.stories.scene import Story, Told
from takeaway.study.compare.trio import ACCEPT_TIMEOUT, DELIVERY_TIMEOUT, Contender, Trio, own_trio
from takeaway.wiring import Wiring

Begun = Mapping[Wiring, Any]


def compare(progress: Progress, *, orders: int, only: Collection[str] = ()) -> Comparison:
    """`only` names sections; all of them if it is empty. Raises TakeawayError."""
    machine, began = Machine.this(), time.monotonic()
    stories = [story for story in STORIES if not only or story.anchor in only]
    with ThreadPoolExecutor(1) as beside_it:
        changes: Future[Sequence[ChangeCost]] | None = None
        try:
            with own_trio(accept_timeout=ACCEPT_TIMEOUT, delivery_timeout=DELIVERY_TIMEOUT, progress=progress) as trio:
                begun = {story.anchor: _in_each(trio, lambda each, s=story: s.begin(each, orders)) for story in stories}  # type: ignore[misc]
                sections = []
                for story in sorted(stories, key=lambda each: not each.alone):
                    if not story.alone and changes is None and (not only or CHANGES in only):
                        # not beside what is timed
                        changes = beside_it.submit(measured_changes)
                    sections.append(_lived(story, trio, begun[story.anchor], progress))
            if changes is None and CHANGES in only:
                changes = beside_it.submit(measured_changes)
            if changes is not None:
                progress.step("measuring change requests")
                sections.append(_of_changes(changes.result()))
        except BaseException:
            tools.stop_all()
            raise
    sections.sort(key=lambda each: list(texts()).index(each.anchor))
    return Comparison(
        at=datetime.now(UTC), seconds=round(time.monotonic() - began, 1), machine=machine, sections=sections
    )


def _lived(story: Story, trio: Trio, begun: Begun, progress: Progress) -> Section:
    title = texts()[story.anchor].title
    progress.step(title)
    began = time.monotonic()
    told = _in_each(trio, lambda each: story.live(each, begun[each.wiring]), alone=story.alone)
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


def _of_changes(measured: Sequence[ChangeCost]) -> Section:
    found = {wiring: costs(measured, wiring) for wiring in Wiring}
    text = texts()[CHANGES]
    return Section(anchor=CHANGES, title=text.title, told=text.told, rows=beside(found))


def _in_each(trio: Trio, do: Callable[[Contender], Any], *, alone: bool = False) -> dict[Wiring, Any]:
    with ThreadPoolExecutor(1 if alone else len(trio)) as pool:
        tasks = {wiring: pool.submit(do, contender) for wiring, contender in trio.items()}
        try:
            return {wiring: task.result() for wiring, task in tasks.items()}
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
