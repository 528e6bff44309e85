"""The page wirings: the same order side by side in each wiring, which are stages of one engine."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from takeaway.errors import Refused
from takeaway.run.client.outputs import wirings
from takeaway.run.console import looking, pages
from takeaway.run.console.failures import NotHere
from takeaway.run.console.live import Look, Part
from takeaway.run.console.requests import Console, sent
from takeaway.run.console.scenarios import STORIES
from takeaway.run.console.story import Run
from takeaway.run.console.systems import Systems, Watched, attempted
from takeaway.run.deploy.all_wirings import stage_of
from takeaway.run.deploy.up import why_not
from takeaway.wiring import Wiring


def routes(console: Console) -> list[BaseRoute]:
    return [
        Route("/wirings", partial(_show, console)),
        Route("/wirings/{story}", partial(_play, console), methods=["POST"]),
    ]


def column_part(stage: str) -> Part:
    def look(watched: Watched, _: int) -> Look:
        html = pages.page("column_body.html", stage=stage, **_column(watched))
        rests = watched.run is None or watched.run.is_over
        return Look(html, good_for=watched.steady * (3 if rests else 1))

    return Part(stage, look)


def beside(systems: Systems) -> dict[Wiring, str | None]:
    """Map wirings to a stage that has them; preferred is the stage that `takeaway console --wirings` deploys."""
    target = systems.of(systems.default).system().target
    found = wirings(target)
    return {
        wiring: next(
            (stage for stage in (stage_of(wiring), systems.default, *found) if found.get(stage) is wiring), None
        )
        for wiring in Wiring
    }


def _column(watched: Watched) -> Mapping[str, Any]:
    run = watched.run
    seen = None
    if run and run.order_id:
        seen = watched.once(
            ("column", run.order_id, watched.feed.last),
            lambda: looking.order_seen(watched.system(), run.order_id, search=False),
            good_for=watched.steady * 0.8,
        )
    return {"run": run, "seen": seen}


async def _show(console: Console, request: Request) -> Response:
    def show() -> Response:
        systems = console.systems
        here = systems.of(systems.default)
        there = attempted(here, lambda _: beside(systems))
        traits = here.system().target.traits
        columns = {
            wiring: (stage, _column(systems.of(stage)) if stage else None, stage_of(wiring), why_not(traits, wiring))
            for wiring, stage in there.items()
        }
        return console.page(request, "wirings.html", "wirings", columns=columns, stories=STORIES)

    return await run_in_threadpool(show)


async def _play(console: Console, request: Request) -> Response:
    await sent(request)
    name = request.path_params["story"]
    if name not in STORIES:
        raise NotHere(f"There is no story “{name[:32]}”.")

    def play() -> Mapping[str, Any]:
        systems = console.systems
        there = [systems.of(stage) for stage in beside(systems).values() if stage]
        if any(each.run and not each.run.is_over for each in there):
            raise Refused(409, "A story is still being told", "wait for its end")
        story = STORIES[name]
        for each in there:
            each.run = Run(each.system(), story.title)
            each.run.start(story.play)
        return {"said": f"{story.title}: played in {len(there)} system{'s' * (len(there) != 1)}."}

    return JSONResponse(await run_in_threadpool(play))
