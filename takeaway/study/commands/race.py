"""race: one order in all systems side by side."""

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer
from rich.live import Live
from rich.table import Table

from takeaway.run.cli.output import AsJson, print_json, results, steps

SECONDS = 90.0
DELIVERY_TIMEOUT = 20


def race(
    file: Annotated[
        Path, typer.Argument(metavar="ORDER_FILE", help="An order with its story: one of examples/orders.")
    ],
    *,
    accept_timeout: Annotated[
        int, typer.Option(min=1, max=60, metavar="SECONDS", help="How long a restaurant may take to answer here.")
    ] = 8,
    as_json: AsJson = False,
) -> None:
    """Play one order in the hybrid, the choreographed and the orchestrated system, and say what each knows of it.

    All three are deployed on an engine of their own, each as a stage. People do in each what the order's story says.
    What happens is shown side by side as it does; without a terminal once, at the end. Nothing is left behind.

    Example: takeaway race examples/orders/11-nobody-answers.json
    """
    from takeaway.study.compare.trio import own_trio  # noqa: PLC0415 - `--help` need not wait for all of it
    from takeaway.study.race.cast import cast_of  # noqa: PLC0415
    from takeaway.study.race.picture import facts, knows, picture  # noqa: PLC0415
    from takeaway.study.race.running import race as run  # noqa: PLC0415

    cast, seconds = cast_of(file), SECONDS + accept_timeout
    with ExitStack() as left:
        with steps("starting an engine") as progress:
            trio = left.enter_context(
                own_trio(accept_timeout=accept_timeout, delivery_timeout=DELIVERY_TIMEOUT, progress=progress)
            )
        if results.is_terminal and not as_json:
            with Live(console=results, auto_refresh=False, vertical_overflow="visible") as live:
                lanes = run(trio, cast, lambda now: _show(live, picture(now, width=results.width)), seconds=seconds)
        else:
            lanes = run(trio, cast, lambda _: None, seconds=seconds)
        if as_json:
            print_json(facts(lanes))
            return
        if not results.is_terminal:
            results.print(picture(lanes, width=results.width))
        results.print(knows(lanes))


def _show(live: Live, table: Table) -> None:
    live.update(table, refresh=True)
