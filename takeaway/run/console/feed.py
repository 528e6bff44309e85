"""Follow the journal once for all pages that watch, and only while one does."""

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import NamedTuple

from anyio import to_thread

from takeaway.run.client.readers import Entry
from takeaway.run.client.system import System
from takeaway.run.console.looking import JOURNAL

KEPT = 1000  # entries kept for pages that are opened later
ORDERS = 1000
BEFORE = timedelta(hours=1)  # how far back it begins


class Heard(NamedTuple):
    """A journal entry with its number in the feed; `is_past` if it had happened before anybody watched."""

    number: int
    entry: Entry
    is_past: bool = False


class Feed:
    """The journal's entries as they come; it is read every `pause` seconds. A failed read is raised in `change`."""

    def __init__(self, find: Callable[[], System], *, pause: float) -> None:
        self._find, self.pause = find, pause
        self.heard: deque[Heard] = deque(maxlen=KEPT)
        self.orders: OrderedDict[str, Entry] = OrderedDict()  # the last entry of each order, the newest last
        self.counts: Counter[str] = Counter()
        self.last = 0
        self.gone = 0  # entries up to this number are forgotten, and pages have to forget them as well
        self._watchers = 0
        self._task: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()
        self._failure: Exception | None = None

    @property
    def is_watched(self) -> bool:
        return self._watchers > 0

    @asynccontextmanager
    async def watched(self) -> AsyncIterator["Feed"]:
        self._watchers += 1
        if self._task is None:
            self._task = asyncio.create_task(self._follow())
        try:
            yield self
        finally:
            self._watchers -= 1
            if not self._watchers and self._task:
                self._task.cancel()
                self._task = None  # whoever comes before it has ended needs another one

    async def change(self, seconds: float) -> None:
        """Return when there are new entries or the time is up. Raises the error of the last read, if it failed."""
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            pass
        if self._failure:
            raise self._failure

    def after(self, number: int) -> list[Heard]:
        # Copied at once, because pages are made in threads while entries come.
        return [each for each in tuple(self.heard) if each.number > number]

    async def _follow(self) -> None:
        following = None
        while True:
            try:
                if is_first := following is None:
                    system = await to_thread.run_sync(self._find)
                    following = system.journal.following(self._begin(system.stacks.since(JOURNAL)))
                entries = await to_thread.run_sync(partial(following.new, most=KEPT))
                self._failure = None
                self._hear(entries, is_past=is_first)
            except Exception as error:  # noqa: BLE001 - told to the pages that watch, and tried again
                following, self._failure = None, error
                self._wake()
            await asyncio.sleep(self.pause)

    def _begin(self, deployed: datetime) -> datetime:
        """Return the time to read on from; forgets what a journal told that is gone, as with an engine that ended."""
        if self.heard and self.heard[-1].entry.recorded_at < deployed:
            self.heard.clear()
            self.orders.clear()
            self.counts.clear()
            self.last = self.gone = self.last + 1
        heard = self.heard[-1].entry.recorded_at if self.heard else deployed
        return max(datetime.now(UTC) - BEFORE, deployed, heard)

    def _hear(self, entries: list[Entry], *, is_past: bool) -> None:
        known = {each.entry.id for each in self.heard}
        new = [entry for entry in entries if entry.id not in known]
        for entry in new:
            self.last += 1
            self.heard.append(Heard(self.last, entry, is_past))
            self.counts[entry.name] += 1
            self.orders[entry.order_id] = entry
            self.orders.move_to_end(entry.order_id)
            if len(self.orders) > ORDERS:
                self.orders.popitem(last=False)
        if new:
            self._wake()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()
