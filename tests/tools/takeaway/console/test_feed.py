"""The feed of what crosses the boundaries: shared by all viewers, bounded, and back after a failure."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from contexts.console.reader import Entry
from takeaway.errors import NoRunningSystem
from takeaway.run.client.system import System
from takeaway.run.console import feed as feeds
from takeaway.run.console.feed import Feed
from takeaway.run.console.shared_answers import MOST, Once

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
PATIENCE_SECONDS = 20


class Journal:
    """A journal to which a test writes; its next looks fail as often as it is told."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.deployed = NOON
        self.looks = self.failures = 0
        self.stacks = self
        self.journal = self

    def since(self, _: str) -> datetime:
        return self.deployed

    def following(self, start: datetime) -> "Journal":
        return self

    def new(self, *, most: int) -> list[Entry]:
        self.looks += 1
        if self.failures:
            self.failures -= 1
            raise NoRunningSystem
        return self.entries[-most:]

    def add(self, count: int, orders: int | None = None) -> None:
        for number in range(len(self.entries), len(self.entries) + count):
            order = f"order-{number if orders is None else number % orders}"
            at = NOON + timedelta(seconds=number)
            self.entries.append(Entry(order, f"event-{number}", "event", "order_placed", at, {}, at))

    @property
    def feed(self) -> Feed:
        return Feed(lambda: cast(System, self), pause=0.01)


async def until(feed: Feed, so: Callable[[], Any]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not so():
            await feed.change(0.05)


async def becomes(so: Callable[[], Any]) -> None:
    """Wait without asking the feed, which would tell of its failure."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not so():
            await asyncio.sleep(0.01)


def test_nobody_is_asked_for_anything_unless_somebody_watches() -> None:
    journal = Journal()

    async def watch() -> None:
        feed = journal.feed
        await asyncio.sleep(0.1)
        assert journal.looks == 0
        async with feed.watched(), feed.watched():
            await until(feed, lambda: journal.looks > 2)
        await asyncio.sleep(0.05)
        looks = journal.looks
        await asyncio.sleep(0.1)
        assert journal.looks == looks

    asyncio.run(watch())


def test_each_entry_is_heard_once_with_its_place() -> None:
    journal = Journal()
    journal.add(2)

    async def watch() -> None:
        feed = journal.feed
        async with feed.watched():
            await until(feed, lambda: feed.last == 2)
            journal.add(1)
            await until(feed, lambda: feed.last == 3)
            assert [(each.number, each.entry.id) for each in feed.after(1)] == [(2, "event-1"), (3, "event-2")]
            assert feed.counts["order_placed"] == 3

    asyncio.run(watch())


def test_a_failure_is_told_to_who_watches_and_then_it_goes_on() -> None:
    journal = Journal()
    journal.failures = 3

    async def watch() -> None:
        feed = journal.feed
        async with feed.watched():
            with pytest.raises(NoRunningSystem):
                await until(feed, lambda: False)
            journal.add(1)
            await becomes(lambda: feed.last)
            await feed.change(0.01)

    asyncio.run(watch())


def test_what_had_happened_before_somebody_watched_is_told_from_what_happens_now() -> None:
    journal = Journal()
    journal.add(2)

    async def watch() -> None:
        feed = journal.feed
        async with feed.watched():
            await until(feed, lambda: feed.last == 2)
            journal.add(1)
            await until(feed, lambda: feed.last == 3)
        journal.add(1)
        async with feed.watched():
            await until(feed, lambda: feed.last == 4)
        assert [each.is_past for each in feed.after(0)] == [True, True, False, True]

    asyncio.run(watch())


def test_what_a_journal_told_that_is_gone_with_its_engine_is_forgotten() -> None:
    journal = Journal()
    journal.add(3)

    async def watch() -> None:
        feed = journal.feed
        async with feed.watched():
            await until(feed, lambda: feed.last == 3)
            journal.deployed = NOON + timedelta(minutes=5)
            journal.entries.clear()
            journal.failures = 1
            with pytest.raises(NoRunningSystem):
                await until(feed, lambda: False)
            await becomes(lambda: not feed.heard)
            assert (len(feed.orders), feed.counts.total(), feed.gone) == (0, 0, 4)

    asyncio.run(watch())


def test_what_it_keeps_is_bounded_however_long_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "ORDERS", 50)
    journal = Journal()

    async def watch() -> None:
        feed = journal.feed
        async with feed.watched():
            for _ in range(5):
                journal.add(900)
                await until(feed, lambda: feed.last == len(journal.entries))
            assert (len(feed.heard), len(feed.orders)) == (feeds.KEPT, 50)
            assert [*feed.orders][-1] == "order-4499"

    asyncio.run(watch())


def test_several_who_want_to_know_the_same_ask_once_and_little_is_kept() -> None:
    once, asked = Once(), list[int]()
    for _ in range(3):
        once("key", lambda: asked.append(1), good_for=60)
    assert asked == [1]
    once("key", lambda: asked.append(2), good_for=0)
    assert asked == [1, 2]
    for number in range(2 * MOST):
        once(number, lambda: None, good_for=60)
    assert len(once._kept) == MOST
