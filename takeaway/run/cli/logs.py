"""The command logs: shows the log lines of a context's functions."""

import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.text import Text

from takeaway.clock import clock
from takeaway.errors import UsageError
from takeaway.run.cli import completing, options
from takeaway.run.cli.output import AsJson, messages, plain, print_json_line, results
from takeaway.run.client.logs import ContextLogs, Line
from takeaway.run.client.orders import meant
from takeaway.unseen import visible
from takeaway.waiting_shown import nothing_shown

FOLLOW_SECONDS = 1.0
LONGEST_MINUTES = 7 * 24 * 60  # the retention of log groups, except in production's stacks


def logs(
    context: typer.Context,
    name: Annotated[
        str,
        typer.Argument(metavar="CONTEXT", help="orders, promotions, analytics …", autocompletion=completing.contexts),
    ],
    *,
    order: Annotated[
        str | None,
        typer.Option(metavar="ORDER_ID", help="Only lines about this order.", autocompletion=completing.orders),
    ] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Print new lines until Ctrl-C.")] = False,
    since: Annotated[
        int, typer.Option(min=0, max=LONGEST_MINUTES, metavar="MINUTES", help="How many minutes back to begin.")
    ] = 60,
    limit: Annotated[
        int, typer.Option(min=1, max=100_000, help="The most lines to show at the beginning: the newest.")
    ] = 200,
    as_json: AsJson = False,
) -> None:
    """Show the logs of a context's functions in order of time: function, message, order, and whole tracebacks.

    Lambda's own lines about each invocation are left out, and so are metrics. With --json each is one line.

    Example: takeaway logs promotions --order last --follow
    """
    system = options.of(context).system()
    if not system.stacks.has(name):
        there = ", ".join(sorted(system.stacks.by_context))
        raise UsageError(f"No context {name!r} is deployed as stage {system.target.stage}; those that are: {there}.")
    order_id = meant(system, order) if order else None
    story = ContextLogs(system, name, datetime.now(UTC) - timedelta(minutes=since), order_id)
    found = story.new()
    _print(found[-limit:], as_json=as_json)
    if len(found) > limit:
        messages.print(f"[dim]These are the newest {limit:,} lines: --limit shows more of them.[/]")
    if story.is_cut:
        messages.print("[yellow]A log is longer than is read at once: a shorter --since shows the newest lines.[/]")
    if not found and not follow:
        about = f" of order {plain(order_id)}" if order_id else ""
        messages.print(f"{plain(name)} has logged nothing{about} in the last {since:,} minutes.")
    try:
        with nothing_shown():
            while follow:
                time.sleep(FOLLOW_SECONDS)
                _print(story.new(), as_json=as_json)
    except KeyboardInterrupt:
        return


def _print(lines: Iterable[Line], *, as_json: bool) -> None:
    for line in lines:
        if as_json:
            print_json_line(line)
        else:
            results.print(_shown(line))


def _shown(line: Line) -> Text:
    color = "red" if line.is_trouble else "cyan"
    shown = Text.assemble(
        (clock(line.at), "dim"), "  ", (f"{visible(line.function):18}", color), f" {visible(line.message)}"
    )
    if line.order_id:
        shown.append(f"  order {visible(line.order_id[:8])}", style="dim")
    if line.said:
        shown.append(f"  {visible(line.said)}", style="dim")
    for each in line.error.splitlines():
        shown.append(f"\n    {visible(each)}", style="red" if not each.startswith(" ") else "dim")
    return shown
