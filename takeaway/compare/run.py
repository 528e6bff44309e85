"""The whole comparison: story after story, most of them in all three systems at the same time."""

import time
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from takeaway.compare.findings import Comparison, Section, beside
from takeaway.compare.machine import Machine
from takeaway.compare.stories import STORIES, Story
from takeaway.compare.trio import ACCEPT_TIMEOUT, DELIVERY_TIMEOUT, Trio, own_trio
from takeaway.deploy.deployment import Progress


def compare(progress: Progress, *, orders: int, only: Collection[str] = ()) -> Comparison:
    """`only` names sections; all of them if it is empty. Raises TakeawayError."""
    machine, began = Machine.this(), time.monotonic()
    with own_trio(accept_timeout=ACCEPT_TIMEOUT, delivery_timeout=DELIVERY_TIMEOUT, progress=progress) as trio:
        sections = [_lived(story, trio, progress, orders) for story in STORIES if not only or story.anchor in only]
    return Comparison(
        at=datetime.now(UTC), seconds=round(time.monotonic() - began, 1), machine=machine, sections=sections
    )


def _lived(story: Story, trio: Trio, progress: Progress, orders: int) -> Section:
    progress.step(story.anchor)
    began = time.monotonic()
    with ThreadPoolExecutor(len(trio) if story.together else 1) as pool:
        tasks = {wiring: pool.submit(story.live, contender, orders) for wiring, contender in trio.items()}
        found = {wiring: task.result() for wiring, task in tasks.items()}
    pictures = {wiring: story.draw(contender) for wiring, contender in trio.items()} if story.draw else {}
    progress.done(f"{story.anchor} ({time.monotonic() - began:.0f} s)")
    return Section(anchor=story.anchor, told=story.told, rows=beside(found), pictures=pictures)
