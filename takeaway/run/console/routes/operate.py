"""The page operate: outages on purpose, dead letters and redrives, replays to one context."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from takeaway.errors import FieldError, Refused
from takeaway.run.client import health_text
from takeaway.run.client.dead_letters import redrive
from takeaway.run.client.health import Health, State, health
from takeaway.run.client.replay import replay_of, why_not
from takeaway.run.client.subscription import Subscription, listeners
from takeaway.run.client.system import System
from takeaway.run.console import letters, pages, rooms
from takeaway.run.console.failures import NotHere
from takeaway.run.console.live import Look, Part
from takeaway.run.console.looking import JOURNAL
from takeaway.run.console.requests import Console, sent
from takeaway.run.console.systems import Watched
from takeaway.text import counted

REPLAYED_MINUTES = (15, 60, 24 * 60)
LOGS_GOOD_FOR = 15  # logs are read again after so many times `steady`
REPLAY_SECONDS = 60  # the longest that a page waits for a replay


def routes(console: Console) -> list[BaseRoute]:
    return [
        Route("/{stage}/operate", partial(_show, console)),
        Route("/{stage}/operate/{context}/{what}", partial(_do, console), methods=["POST"]),
    ]


def operate_part(stage: str) -> Part:
    def look(watched: Watched, _: int) -> Look:
        html = pages.page("operate_body.html", stage=stage, **_stand(watched))
        return Look(html, good_for=watched.steady)

    return Part(stage, look)


def health_part(stage: str) -> Part:
    """Make the part with each context's health, apart from the others because reading logs takes a while."""

    def look(watched: Watched, _: int) -> Look:
        system = watched.system()
        found: list[Health] = watched.once("health", lambda: health(system), good_for=watched.steady * LOGS_GOOD_FOR)
        words = {each.context: [*health_text.particulars(each, system.target)] for each in found}
        html = pages.page(
            "health_body.html", healths=found, state=health_text.state, words=words, working=State.WORKING, stage=stage
        )
        return Look(html, good_for=watched.steady * LOGS_GOOD_FOR)

    return Part(stage, look)


def _stand(watched: Watched) -> Mapping[str, Any]:
    system = watched.system()
    there = [rooms.Room(name, ()) for name in listeners(system.stacks)]
    found = watched.once("stand", lambda: rooms.depths(system, there), good_for=watched.steady * 0.8)
    return {
        "contexts": found,
        "journal": JOURNAL,
        "no_replays": why_not(system.target.traits),
        "minutes": REPLAYED_MINUTES,
    }


async def _show(console: Console, request: Request) -> Response:
    context = request.query_params.get("letters")

    def read(watched: Watched) -> Mapping[str, Any]:
        looked = letters.look(_subscription(watched.system(), context)) if context else []
        return {**_stand(watched), "context": context, "letters": looked, "most": letters.MOST}

    return await console.shown(request, "operate.html", "operate", read)


async def _do(console: Console, request: Request) -> Response:
    content = await sent(request)
    context, what = request.path_params["context"], request.path_params["what"]
    if what not in ACTS:
        raise NotHere(f"Nobody can “{what[:32]}” a context.")

    def do(watched: Watched) -> Mapping[str, Any]:
        system = watched.system()
        said = ACTS[what](system, _subscription(system, context), content)
        watched.once.forget("stand")
        watched.once.forget("health")
        return {"said": said}

    return await console.asked(request, do)


def _subscription(system: System, context: str) -> Subscription:
    if context not in listeners(system.stacks):
        raise NotHere(f"No context “{context[:32]}” listens to the bus here.")
    return system.subscription(context)


def _stop(_: System, subscription: Subscription, __: Mapping[str, Any]) -> str:
    changed = subscription.switch(out=True)
    return f"{subscription.context} {'is out' if changed else 'was out already'}: what it hears waits."


def _go_on(_: System, subscription: Subscription, __: Mapping[str, Any]) -> str:
    changed = subscription.switch(out=False)
    return f"{subscription.context} {'goes on' if changed else 'was at work already'}: it reads what has waited."


def _redrive(_: System, subscription: Subscription, __: Mapping[str, Any]) -> str:
    moved = redrive(subscription, lambda _: None)
    what = "1 dead letter is" if moved == 1 else f"{moved} dead letters are"
    return f"{what} back in the queue of {subscription.context}."


def _replay(system: System, subscription: Subscription, content: Mapping[str, Any]) -> str:
    minutes = counted(str(content.get("minutes")), most=max(REPLAYED_MINUTES))
    if minutes not in REPLAYED_MINUTES:
        possible = ", ".join(map(str, REPLAYED_MINUTES))
        raise Refused(400, "This can’t be replayed", errors=[FieldError("minutes", f"expected one of {possible}")])
    now = datetime.now(UTC).replace(microsecond=0)
    planned = replay_of(
        subscription, system.stacks.output("bus", "BusName"), start=now - timedelta(minutes=minutes), end=now
    )
    planned.run(lambda _: None, deadline_seconds=REPLAY_SECONDS)
    return f"The events of the last {minutes} minutes went to {subscription.context} once more, and to nobody else."


ACTS: Mapping[str, Callable[[System, Subscription, Mapping[str, Any]], str]] = {
    "stop": _stop,
    "go-on": _go_on,
    "redrive": _redrive,
    "replay": _replay,
}
