"""The page map: contexts as rooms, the events that travel between them, and a feed."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from shared import schema_tools
from takeaway.clock import clock
from takeaway.run.console import rooms
from takeaway.run.console.feed import Heard
from takeaway.run.console.live import Look, Part
from takeaway.run.console.requests import Console
from takeaway.run.console.systems import STACKS_GOOD_FOR, Watched
from takeaway.unseen import visible
from takeaway.wiring import Wiring

MOST_AT_ONCE = 300  # entries that a page gets when it is opened


def routes(console: Console) -> list[BaseRoute]:
    return [Route("/{stage}/map", partial(_show, console))]


def map_part(stage: str) -> Part:
    return Part(stage, _look)


def _deployed(watched: Watched) -> Mapping[str, Any]:
    """Read the rooms and places, no more often than the stacks, because they change only by a deployment."""

    def ask() -> Mapping[str, Any]:
        system = watched.system()
        return {
            "rooms": rooms.rooms_of(system, watched.once),
            "places": rooms.places_of(system),
            "wiring": system.stacks.wiring,
        }

    found: Mapping[str, Any] = watched.once("deployed", ask, good_for=watched.steady * STACKS_GOOD_FOR)
    return found


async def _show(console: Console, request: Request) -> Response:
    def read(watched: Watched) -> Mapping[str, Any]:
        deployed = _deployed(watched)
        return {
            **deployed,
            "has_workflow": deployed["wiring"] is not Wiring.CHOREOGRAPHED,
            "publishes": deployed["wiring"] is not Wiring.ORCHESTRATED,
            "events": [*schema_tools.event_types(), rooms.MESSAGE],
        }

    return await console.shown(request, "map.html", "map", read)


def _look(watched: Watched, heard: int) -> Look:
    deployed, system = _deployed(watched), watched.system()
    there, counts = deployed["rooms"], watched.feed.counts
    found: Mapping[str, rooms.Depths] = watched.once(
        "depths", lambda: rooms.depths(system, there), good_for=watched.steady * 0.8
    )
    new, gone = watched.feed.after(heard), watched.feed.gone
    is_whole = heard < gone
    news = {
        "entries": [_told(each, deployed, is_old=each.is_past or is_whole) for each in new[-MOST_AT_ONCE:]],
        "whole": is_whole,
        "counts": dict(counts),
        "rooms": {
            room.name: {
                "heard": sum(counts[event] for event in room.listens),
                "waiting": found[room.name].waiting,
                "dead": found[room.name].dead,
                "out": found[room.name].is_out,
            }
            for room in there
            if room.name in found
        },
        "shown": [room.name for room in there],
    }
    return Look(news=news, good_for=watched.steady, heard=new[-1].number if new else max(heard, gone))


def _told(heard: Heard, deployed: Mapping[str, Any], *, is_old: bool) -> Mapping[str, Any]:
    entry = heard.entry
    return {
        "number": heard.number,
        "order": entry.order_id,
        "name": visible(entry.name),
        "kind": entry.kind,
        "at": clock(entry.at),
        "restaurant": visible(str(entry.content.get("restaurant_id", ""))),
        "from": rooms.place_of(entry, deployed["places"]),
        "to": [room.name for room in deployed["rooms"] if entry.name in room.listens],
        "old": is_old,
    }
