"""journey, events: what happened, seen from outside."""

import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from takeaway.clock import clock, lasted
from takeaway.errors import TakeawayError
from takeaway.run.cli import options
from takeaway.run.cli.order_show_token import OrderId
from takeaway.run.cli.output import (
    AsJson,
    messages,
    plain,
    print_json,
    print_json_line,
    print_table,
    results,
    table,
)
from takeaway.run.cli.times import YEAR_SECONDS
from takeaway.run.client.guesses import guesses
from takeaway.run.client.journey import Moment, Traces, timeline
from takeaway.run.client.readers import Entry
from takeaway.run.client.system import System
from takeaway.unseen import visible
from takeaway.wiring import Wiring

COLORS = {
    "workflow": "cyan",
    "orders": "red",
    "bus": "yellow",
    "restaurant": "magenta",
    "customer": "blue",
}
NEIGHBOUR_COLOR = "green"
FOLLOW_SECONDS = 0.5
LONGEST_MINUTES = YEAR_SECONDS // 60 * 100


def journey(
    context: typer.Context,
    order_id: OrderId,
    *,
    until: Annotated[
        list[str] | None,
        typer.Option(metavar="WHAT", help="Wait for a line that begins so: an event, a state … Several: for each."),
    ] = None,
    within: Annotated[
        int, typer.Option(min=1, max=YEAR_SECONDS, metavar="SECONDS", help="How long to wait for it.")
    ] = 60,
    lake: Annotated[
        bool, typer.Option("--lake", help="Look into the lake, too: reads every event of the order's days.")
    ] = False,
    html: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write it as a page, with the workflow drawn."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Tell an order's whole way as one timeline, with the time between the steps.

    It is put together from the workflow's history, the events on the bus, the message to the restaurant, the e-mails,
    and what each neighbour keeps of it. What would have to be looked for among all orders is left out, and that is
    said. Where there is no workflow it says what it had to guess from. It fails if what it is to wait for does not
    come in time.

    Example: takeaway journey 0f83cea8-28b4-5f09-84ec-f665f91ce662 --until order_completed
    """
    from takeaway.run.console.saved import journey_page  # noqa: PLC0415 - templates that `--help` need not wait for

    system = options.of(context).system()
    system.kept(order_id)  # nobody waits for an order that there is not
    traces, missing = system.traces_until(order_id, until or (), seconds=within, search=lake)
    _tell_journey(system, order_id, traces, as_json=as_json)
    if html:
        html.write_text(journey_page(system, order_id, search=lake), encoding="utf-8")
        messages.print(f"page: {plain(html)}")
    if missing:
        raise TakeawayError(f"Within {within} seconds it has not come to {' and '.join(missing)}.")


def _tell_journey(system: System, order_id: str, traces: Traces, *, as_json: bool) -> None:
    found = system.order(order_id)
    moments, guessed = timeline(traces), [] if system.has_workflow else guesses(found, traces)
    if as_json:
        told = {"order_id": order_id, "status": found["status"], "moments": moments, "guesses": guessed}
        print_json(told | {"not_looked_at": traces.unsearched})
        return
    results.print(f"[bold]{plain(order_id)}[/]  {plain(found['status'])}")
    print_timeline(moments)
    for place in traces.unsearched:
        results.print(f"[dim]In {plain(place)}: not looked at, --lake looks.[/]")
    for guess in guessed:
        results.print(f"[yellow]?[/] {plain(guess)}")
    if not system.mails.are_readable:
        messages.print("[dim]E-mails can't be read here: user_notified stands for each that was sent.[/]")


def print_timeline(moments: Iterable[Moment], console: Console = results) -> None:
    listed = table("time", "after", "who", "what", right=("after",))
    for moment in moments:
        what = Text(visible(moment.what))
        if moment.detail:
            what.append(f"  {visible(moment.detail)}", style="dim")
        color = COLORS.get(moment.actor, NEIGHBOUR_COLOR)
        since = f"+{lasted(moment.since_previous)}" if moment.since_previous else ""
        listed.add_row(Text(clock(moment.at), "dim"), since, Text(moment.actor, color), what)
    print_table(listed, console)


def events(
    context: typer.Context,
    *,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until Ctrl-C, as they come.")] = False,
    since: Annotated[
        int, typer.Option(min=0, metavar="MINUTES", help="How far back to begin; not before there was a system.")
    ] = 60,
    limit: Annotated[
        int, typer.Option(min=1, max=100_000, help="No more than so many, the newest, to begin with.")
    ] = 1000,
    as_json: AsJson = False,
) -> None:
    """List what crossed the boundaries: events of the bus and messages to restaurants.

    With --json one line each, also while following. A system that orchestrates everything has no events to list.

    Example: takeaway events --follow
    """
    system = options.of(context).system()
    if system.stacks.wiring is Wiring.ORCHESTRATED:
        hint = plain(system.target.command("journey"))
        messages.print(f"[dim]Nothing is published here, the workflow calls everybody: see `{hint}`.[/]")
    following = system.journal.following(_begin(system, since))
    found = following.new(most=limit + 1)
    _print(found[-limit:], as_json=as_json)
    if len(found) > limit:
        messages.print(f"[dim]These are the newest {limit:,}: --limit lists more of them.[/]")
    if not found and not follow:
        messages.print(f"No events yet{'' if _is_all(system, since) else f' in the last {since:,} minutes'}.")
    try:
        while follow:
            time.sleep(FOLLOW_SECONDS)
            _print(following.new(), as_json=as_json)
    except KeyboardInterrupt:
        return


def _begin(system: System, minutes: int) -> datetime:
    """Nothing happened before there was a journal, however long ago somebody wants to begin."""
    return datetime.now(UTC) - min(timedelta(minutes=min(minutes, LONGEST_MINUTES)), _age(system))


def _is_all(system: System, minutes: int) -> bool:
    return timedelta(minutes=min(minutes, LONGEST_MINUTES)) >= _age(system)


def _age(system: System) -> timedelta:
    return datetime.now(UTC) - system.stacks.since("console")


def _print(entries: Iterable[Entry], *, as_json: bool) -> None:
    for entry in entries:
        if as_json:
            print_json_line(entry)
        else:
            print_entry(entry)


def print_entry(entry: Entry) -> None:
    color = COLORS["bus" if entry.kind == "event" else "restaurant"]
    name, order_id = visible(entry.name), visible(entry.order_id)
    line = Text.assemble((clock(entry.at), "dim"), "  ", (f"{name:22}", color), f" {order_id}")
    for name in ("restaurant_id", "reason", "stage"):
        if value := entry.content.get(name):
            line.append(f"  {visible(str(value))}", style="dim")
    results.print(line)
