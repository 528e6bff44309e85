"""The command race: plays one order in all wirings side by side."""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.live import Live

from takeaway.errors import TakeawayError
from takeaway.run.cli.output import AsJson, print_json, results, steps
from takeaway.unseen import visible

if TYPE_CHECKING:
    from takeaway.study.race.running import Lane
    from takeaway.wiring import Wiring

HEADING, LINES_OF_A_ROW = 2, 2  # lines of the picture; a narrow terminal folds each row into two
SECONDS = 90.0
DELIVERY_TIMEOUT = 20


def race(
    file: Annotated[
        Path, typer.Argument(metavar="ORDER_FILE", help="An order with its story: one of examples/orders.")
    ],
    *,
    accept_timeout: Annotated[
        int, typer.Option(min=1, max=60, metavar="SECONDS", help="Time for a restaurant to answer.")
    ] = 8,
    as_json: AsJson = False,
) -> None:
    """Play one order in all four systems, and say what each knows of it.

    All four are deployed on an engine of their own, each as a stage. People do in each what the order's story says.
    What happens is shown side by side as it does; without a terminal once, at the end. Nothing is left behind.

    Example: takeaway race examples/orders/11-nobody-answers.json
    """
    from takeaway.study.compare.all_four import four_of_its_own  # noqa: PLC0415 - loading it would slow `--help` down
    from takeaway.study.race.cast import cast_of  # noqa: PLC0415
    from takeaway.study.race.picture import facts, knows, picture  # noqa: PLC0415
    from takeaway.study.race.running import race as run  # noqa: PLC0415

    cast, seconds = cast_of(file), SECONDS + accept_timeout
    with ExitStack() as left:
        with steps("starting an engine") as progress:
            four = left.enter_context(
                four_of_its_own(accept_timeout=accept_timeout, delivery_timeout=DELIVERY_TIMEOUT, progress=progress)
            )
        if results.is_terminal and not as_json:
            with Live(console=results, auto_refresh=False, transient=True) as live:
                lanes = run(four, cast, lambda now: _show(live, now), seconds=seconds)
        else:
            with steps("playing the order in all four"):
                lanes = run(four, cast, lambda _: None, seconds=seconds)
        if as_json:
            print_json(facts(lanes))
        else:
            results.print(picture(lanes, width=results.width))
            results.print(knows(lanes))
        if not any(lane.order_id for lane in lanes.values()):
            raise TakeawayError(f"{visible(str(file))}: no system took the order.")


def _show(live: Live, lanes: "Mapping[Wiring, Lane]") -> None:
    """Show the latest moments that fit on the screen, because a terminal can't redraw lines that have scrolled away."""
    from takeaway.study.race.picture import picture  # noqa: PLC0415 - as above

    rows = max(results.height - HEADING, 1)
    live.update(picture(lanes, width=results.width, latest=rows // LINES_OF_A_ROW), refresh=True)
