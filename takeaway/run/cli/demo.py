"""The command demo: tells the whole story on an engine of its own."""

import time
from contextlib import ExitStack
from typing import Annotated

import typer
from rich.console import Console

from takeaway.errors import StoryDiffers
from takeaway.run.cli.output import AsJson, messages, print_json, results, steps
from takeaway.run.demo import examples, opening
from takeaway.run.demo.performance import STAGE, measure, own_system, perform
from takeaway.run.demo.scene import Scene
from takeaway.run.deploy.parameters import Parameters
from takeaway.run.engine.home import Home
from takeaway.waiting import waiting_for


def demo(
    *,
    accept_timeout: Annotated[
        int, typer.Option(min=1, max=3600, metavar="SECONDS", help="The time in which a restaurant must answer.")
    ] = 12,
    delivery_timeout: Annotated[
        int, typer.Option(min=1, max=3600, metavar="SECONDS", help="The time in which an order must be delivered.")
    ] = 12,
    everything: Annotated[
        bool, typer.Option("--all", help="Show every order: a log in order of time, and each order's traces.")
    ] = False,
    timings: Annotated[bool, typer.Option("--timings", help="Show at the end how long each part took.")] = False,
    as_json: AsJson = False,
) -> None:
    """Tell the whole story on an engine of its own, check it, and leave nothing behind but a page that shows it.

    It has five acts: an order that goes well, one that nobody answers, one while a neighbour is down, all other orders
    of examples/orders, and an unanswered one in the choreographed wiring. It fails if anything that a story promises
    did not happen. With --json the story goes to standard error.

    Example: takeaway demo --json 2>/dev/null | jq .figures
    """
    began = time.monotonic()
    scene = Scene(messages if as_json else results)
    figures: dict[str, float] = {}
    parameters = Parameters(stage=STAGE, accept_timeout=accept_timeout, delivery_timeout=delivery_timeout)
    opening.tell(scene)
    with waiting_for("reading the example orders"):
        cast = examples.load()
    with ExitStack() as left:
        with steps("starting an engine") as progress:
            system = left.enter_context(own_system(parameters, progress, figures))
        opening.tell_where_to_watch(scene, system.target)
        performance = perform(system, cast, scene, parameters, everything=everything)
        if timings and not performance.missing:
            measure(performance, cast[-1])
        page = None if performance.missing else performance.written_to(Home().folder)
        figures |= performance.figures | {"in all": time.monotonic() - began}
        if as_json:
            print_json({"orders": performance.evidence, "missing": performance.missing, "figures": figures})
        if performance.missing:
            raise StoryDiffers(performance.missing, system.target.home.log)
    opening.close(scene, page)
    if timings:
        _show(scene.console, figures)


def _show(console: Console, figures: dict[str, float]) -> None:
    """Print each figure, in seconds unless its name ends with another unit in brackets."""
    console.print()
    for name, value in figures.items():
        console.print(f"{name:28} {value:8.1f}{'' if name.endswith(')') else ' s'}", markup=False)
