"""The entry point: all commands, and the one place where a failure becomes a sentence and an exit code."""

import signal
import sys
from typing import NoReturn

import typer
from rich.markup import escape

from takeaway.cli import (
    alone,
    capacities,
    comparing,
    contracts,
    costing,
    dead_lettering,
    deciding,
    demo,
    doctor,
    extending,
    filling,
    lifecycle,
    neighbours,
    operating,
    options,
    ordering,
    reporting,
    watching,
)
from takeaway.cli.output import messages
from takeaway.errors import TakeawayError, UsageError

FAILED, MISUSED = 1, 2

app = typer.Typer(
    name="takeaway", no_args_is_help=True, rich_markup_mode="rich", pretty_exceptions_enable=False, add_completion=False
)
app.callback()(options.read)

RUN, ORDER, WATCH, OPERATE, LAKE, CHANGE = "Run it", "Order", "Watch it", "Operate", "Fill the lake", "Change it"
for command, panel in (
    (lifecycle.up, RUN),
    (lifecycle.down, RUN),
    (alone.deploy, RUN),
    (alone.destroy, RUN),
    (lifecycle.status, RUN),
    (demo.demo, RUN),
    (comparing.compare, RUN),
    (ordering.order, ORDER),
    (ordering.show, ORDER),
    (deciding.accept, ORDER),
    (deciding.reject, ORDER),
    (deciding.cancel, ORDER),
    (deciding.complete, ORDER),
    (ordering.token, ORDER),
    (watching.journey, WATCH),
    (watching.events, WATCH),
    (neighbours.vouchers, WATCH),
    (reporting.report, WATCH),
    (operating.outage, OPERATE),
    (dead_lettering.dlq, OPERATE),
    (dead_lettering.redrive, OPERATE),
    (operating.replay, OPERATE),
    (filling.generate, LAKE),
    (filling.compact, LAKE),
    (costing.cost, CHANGE),
    (capacities.capacity, CHANGE),
    (doctor.doctor, CHANGE),
    (extending.new_context, CHANGE),
):
    app.command(rich_help_panel=panel)(command)
app.add_typer(contracts.app, name="contracts", rich_help_panel=CHANGE)


def run() -> None:
    """Exit codes: 0 done, 1 failed, 2 misused."""
    # Being told to end is like Ctrl-C: whatever was started is stopped on the way out.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(FAILED))
    try:
        app(prog_name="takeaway")
    except UsageError as error:
        _fail(str(error), MISUSED)
    except TakeawayError as error:
        _fail(str(error), FAILED)
    except Exception as error:
        if not type(error).__module__.startswith("botocore"):
            raise
        _fail(f"The engine refused or did not answer: {error}", FAILED)


def _fail(sentence: str, code: int) -> NoReturn:
    messages.print(f"[red]✗[/] {escape(sentence)}")
    sys.exit(code)
