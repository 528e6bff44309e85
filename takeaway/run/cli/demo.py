"""demo: the whole story in one command."""

import time
from typing import Annotated

import typer
from rich.console import Console

from takeaway.errors import StoryDiffers
from takeaway.run.cli.journey_events import print_timeline
from takeaway.run.cli.output import AsJson, messages, print_json, print_table, results, steps
from takeaway.run.cli.report import make_report, print_report
from takeaway.run.cli.vouchers import print_vouchers
from takeaway.run.client.journey import timeline
from takeaway.run.demo import examples
from takeaway.run.demo.performance import STAGE, Performance, measure, own_system, perform
from takeaway.run.demo.telling import Teller, checked
from takeaway.run.deploy.parameters import Parameters


def demo(
    *,
    accept_timeout: Annotated[
        int, typer.Option(min=1, max=3600, metavar="SECONDS", help="How long a restaurant may take to answer here.")
    ] = 12,
    delivery_timeout: Annotated[
        int, typer.Option(min=1, max=3600, metavar="SECONDS", help="How long an accepted order may take here.")
    ] = 12,
    as_json: AsJson = False,
) -> None:
    """Tell the whole story on an engine of its own, check that it happened, and leave nothing behind.

    It sends every order of examples/orders: most are completed, and there is one of every other end: rejected, expired,
    cancelled, timed out, and failed because an operator stopped its execution. It fails if anything that a story
    promises did not happen. With --json the story goes to standard error.

    Example: takeaway demo --json 2>/dev/null | jq .figures
    """
    began = time.monotonic()
    stage = messages if as_json else results
    cast, figures = examples.load(), dict[str, float]()
    parameters = Parameters(stage=STAGE, accept_timeout=accept_timeout, delivery_timeout=delivery_timeout)
    with steps("starting an engine") as progress, own_system(parameters, progress, figures) as system:
        progress.finished()
        teller = Teller(stage)
        _headline(stage, f"{len(cast)} orders")
        performance = perform(system, cast, teller, timeouts=accept_timeout + delivery_timeout)
        _show(stage, performance)
        if not performance.missing:
            measure(performance, cast[-1])
    figures |= performance.figures | {"in all": time.monotonic() - began}
    if as_json:
        print_json({"orders": performance.evidence, "missing": performance.missing, "figures": figures})
    if performance.missing:
        raise StoryDiffers(performance.missing)
    stage.print(f"\n[green]✓[/] all of it happened: {_told(figures)}")


def _show(stage: Console, performance: Performance) -> None:
    system = performance.system
    _headline(stage, "What the orders left behind")
    print_table(checked(performance.evidence, performance.play.placed), stage)
    if order_id := performance.one_completed:
        _headline(stage, f"The journey of {performance.play.placed[order_id].name}")
        print_timeline(timeline(system.traces(order_id)), stage)
    _headline(stage, "Vouchers")
    print_vouchers(system.vouchers.all(), stage)
    _headline(stage, "Report")
    print_report(make_report(system), stage)


def _headline(stage: Console, text: str) -> None:
    stage.print(f"\n[bold]{text}[/]")


def _told(figures: dict[str, float]) -> str:
    """Seconds, unless the figure's name says otherwise."""
    return ", ".join(
        f"{name} {value:.1f}" if name.endswith(")") else f"{name} {value:.1f} s" for name, value in figures.items()
    )
