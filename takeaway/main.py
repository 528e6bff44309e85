"""The entry point: puts all commands together, and ends the program with an exit code."""

import os
import signal
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import NoReturn

import typer
from rich.markup import escape

from takeaway.check.commands import contracts, doctor, new_context, prove, workflow
from takeaway.errors import Interrupted
from takeaway.interrupts import end_at_once
from takeaway.run.cli import (
    accept_reject_cancel_complete,
    console,
    demo,
    deploy_destroy,
    dev,
    dlq_redrive,
    forget,
    generate_compact,
    journey_events,
    lab,
    logs,
    options,
    order_show_token,
    orders,
    outage_replay,
    report,
    status,
    up_down,
    vouchers,
)
from takeaway.run.cli.command_classes import INTERRUPTED, Command, Commands, failure_of
from takeaway.run.cli.output import messages
from takeaway.study.commands import capacity, compare, cost, race

app = typer.Typer(
    name="takeaway",
    cls=Commands,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)


def _can_be_read(tree: Path, consumer: str | None) -> None:
    from takeaway.check.contracts.check import refuse_what_can_not_be_read  # noqa: PLC0415 - only deployments need it

    refuse_what_can_not_be_read(tree, consumer)


app.callback()(options.reading(_can_be_read))

FIRST, RUN, ORDER, WATCH = "The ten commands to begin with", "Run it", "Order", "Watch it"
OPERATE, LAKE, STUDY, CHANGE = "Operate", "Fill the lake", "Study it", "Change it"
for command, panel in (
    (demo.demo, FIRST),
    (options.on_stage(up_down.up), FIRST),
    (options.on_stage(status.status), FIRST),
    (options.on_stage(order_show_token.order), FIRST),
    (options.on_stage(orders.orders), FIRST),
    (options.on_stage(accept_reject_cancel_complete.accept), FIRST),
    (options.on_stage(accept_reject_cancel_complete.complete), FIRST),
    (options.on_stage(journey_events.journey), FIRST),
    (options.on_stage(journey_events.events), FIRST),
    (up_down.down, FIRST),
    (options.on_stage(dev.dev), RUN),
    (options.on_stage(deploy_destroy.deploy), RUN),
    (options.on_stage(deploy_destroy.destroy), RUN),
    (options.on_stage(accept_reject_cancel_complete.reject), ORDER),
    (options.on_stage(accept_reject_cancel_complete.cancel), ORDER),
    (options.on_stage(order_show_token.show), ORDER),
    (options.on_stage(order_show_token.token), ORDER),
    (options.on_stage(console.console), WATCH),
    (options.on_stage(vouchers.vouchers), WATCH),
    (options.on_stage(report.report), WATCH),
    (options.on_stage(logs.logs), OPERATE),
    (options.on_stage(outage_replay.outage), OPERATE),
    (options.on_stage(dlq_redrive.dlq), OPERATE),
    (options.on_stage(dlq_redrive.redrive), OPERATE),
    (options.on_stage(outage_replay.replay), OPERATE),
    (options.on_stage(forget.forget), OPERATE),
    (options.on_stage(generate_compact.generate), LAKE),
    (options.on_stage(generate_compact.compact), LAKE),
    (race.race, STUDY),
    (compare.compare, STUDY),
    (cost.cost, STUDY),
    (capacity.capacity, STUDY),
    (options.on_stage(prove.prove), STUDY),
    (doctor.doctor, CHANGE),
    (new_context.new_context, CHANGE),
):
    app.command(rich_help_panel=panel, cls=Command)(command)
app.add_typer(lab.app, name="lab", rich_help_panel=STUDY)
app.add_typer(contracts.app, name="contracts", rich_help_panel=CHANGE)
app.add_typer(workflow.app, name="workflow", rich_help_panel=CHANGE)


def run() -> NoReturn:
    """Run the command line. Exit codes: 0 done, 1 failed, 2 wrong usage, 128 + n if signal n ended it."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end_at_once)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a closed stream is None
            stream.reconfigure(errors="backslashreplace")  # a terminal may lack the script of a customer's name
    code = _code()
    if code == INTERRUPTED:
        os._exit(code)  # everything is cleaned up; a second Ctrl-C must not hit the interpreter while it ends
    sys.exit(code)


def _code() -> int:
    try:
        code = app(prog_name="takeaway", standalone_mode=False)
        if sys.stdout:
            sys.stdout.flush()
    except Exception as error:
        if (failure := failure_of(error)) is None:
            raise
        _tell(failure.sentence)
        return failure.code
    if code == INTERRUPTED:  # before a command began
        _tell(str(Interrupted()))
    return int(code or 0)


def _tell(sentence: str) -> None:
    if sentence:
        messages.print(f"[red]✗[/] {escape(sentence)}")
