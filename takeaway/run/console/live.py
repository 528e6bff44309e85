"""Keep parts of a page up to date: one connection sends each part again when it has changed (server-sent events)."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Any, NamedTuple

import anyio
from anyio import to_thread
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from sse_starlette import EventSourceResponse, ServerSentEvent

from takeaway.run.console.failures import FAILURES, told
from takeaway.run.console.feed import Feed
from takeaway.run.console.systems import Systems, Watched, attempted

MOST_PARTS = 6
RETRY_SECONDS = 1.5
GRACE_SECONDS = 1.0
NOTHING = -1  # the number of the last entry that a part was told of, before its first look
Sender = MemoryObjectSendStream[ServerSentEvent]


class Look(NamedTuple):
    """The content of a part: `html` to put there, or `news` for its script; read again after `good_for` seconds.

    `heard` is the number of the last feed entry that the news tell of.
    """

    html: str = ""
    news: Any = None
    good_for: float = 1.0
    heard: int = 0


class Part(NamedTuple):
    """A live part of a page; if `order_id` is set, only entries about this order make it look again.

    `look` gets the watched system, and the number of the last entry that this part was told of, NOTHING at first.
    """

    stage: str
    look: Callable[[Watched, int], Look]
    order_id: str | None = None


def response(systems: Systems, parts: list[Part]) -> EventSourceResponse:
    """Answer with a stream of the parts' contents, until the browser closes it or the server ends."""
    ends = anyio.Event()
    return EventSourceResponse(_stream(systems, parts, ends), shutdown_event=ends, shutdown_grace_period=GRACE_SECONDS)


async def _stream(systems: Systems, parts: list[Part], ends: anyio.Event) -> AsyncIterator[ServerSentEvent]:
    send, receive = anyio.create_memory_object_stream[ServerSentEvent](8)
    async with anyio.create_task_group() as tasks:
        for number, part in enumerate(parts[:MOST_PARTS]):
            tasks.start_soon(_follow, systems, part, number, send)
        tasks.start_soon(_close, ends, receive)
        with suppress(anyio.ClosedResourceError):
            async for event in receive:
                yield event
        tasks.cancel_scope.cancel()


async def _close(ends: anyio.Event, receive: "MemoryObjectReceiveStream[ServerSentEvent]") -> None:
    await ends.wait()
    await receive.aclose()


async def _follow(systems: Systems, part: Part, number: int, send: Sender) -> None:
    """Send a part whenever it changes. A failure is sent as an event, and the page keeps what it shows."""
    shown, troubled = "", False
    while True:
        try:
            watched = await to_thread.run_sync(systems.of, part.stage)
            async with watched.feed.watched() as feed:
                heard = NOTHING
                while True:
                    until = feed.last
                    look = await to_thread.run_sync(_looked, watched, part, heard)
                    if troubled:
                        await send.send(ServerSentEvent("", event="fine"))
                        troubled = False
                    if look.news is not None:
                        await send.send(ServerSentEvent(json.dumps(look.news), event=f"news-{number}"))
                    elif look.html != shown:
                        await send.send(ServerSentEvent(look.html, event=f"part-{number}"))
                        shown = look.html
                    heard = look.heard or until
                    await _change(feed, part, look.good_for, heard)
        except FAILURES as error:
            troubled = True
            await send.send(ServerSentEvent(told(error), event="trouble"))
            await anyio.sleep(RETRY_SECONDS)


def _looked(watched: Watched, part: Part, heard: int) -> Look:
    look: Look = attempted(watched, lambda _: part.look(watched, heard))
    return look


async def _change(feed: Feed, part: Part, seconds: float, heard: int) -> None:
    """Return when the feed has an entry about the part's subject, or the time is up."""
    with anyio.move_on_after(seconds):
        while not any(part.order_id in (None, each.entry.order_id) for each in feed.after(heard)):
            await feed.change(seconds)
