"""The commands journey, which tells one order's history, and events, which lists what crossed contexts."""

import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from takeaway.clock import clock
from takeaway.errors import TakeawayError, UsageError
from takeaway.run.cli import options
from takeaway.run.cli.order_show_token import OrderId
from takeaway.run.cli.output import (
    AsJson,
    messages,
    plain,
    print_json,
    print_json_line,
    results,
)
from takeaway.run.cli.pages import writable
from takeaway.run.cli.timeline import COLORS, print_timeline
from takeaway.run.cli.timeline import follow as follow_moments
from takeaway.run.cli.times import YEAR_SECONDS
from takeaway.run.client.guesses import guesses
from takeaway.run.client.journey import ACTORS, NEIGHBOUR, Traces, timeline
from takeaway.run.client.readers import Entry, neighbours
from takeaway.run.client.system import System
from takeaway.unseen import visible
from takeaway.waiting_shown import nothing_shown
from takeaway.wiring import Wiring

__all__ = ["events", "journey", "print_entry", "print_timeline"]
FOLLOW_SECONDS = 0.5
LONGEST_MINUTES = YEAR_SECONDS // 60 * 100


def journey(
    context: typer.Context,
    order_id: OrderId,
    *,
    until: Annotated[
        list[str] | None,
        typer.Option(metavar="WHAT", help="Wait for a line that begins so: an event, a state … Repeatable."),
    ] = None,
    within: Annotated[
        int, typer.Option(min=1, max=YEAR_SECONDS, metavar="SECONDS", help="The time to wait for --until.")
    ] = 60,
    who: Annotated[
        list[str] | None,
        typer.Option(metavar="WHO", help="Only lines of this actor: workflow, bus, restaurant, customer, promotions …"),
    ] = None,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Print new lines until Ctrl-C, or until --until is met.")
    ] = False,
    lake: Annotated[
        bool, typer.Option("--lake", help="Search the lake as well: reads all events of the order's days.")
    ] = False,
    html: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write an HTML page, with the workflow drawn."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Tell an order's whole history as one timeline, with the time between the steps.

    It is put together from the workflow's history, the events on the bus, the message to the restaurant, the e-mails,
    and the traces that neighbours keep. A store that has to be searched through is left out unless --lake is given.
    Without a workflow it lists what can only be guessed. It fails if --until is not met in time.

    Example: takeaway journey 0f83cea8-28b4-5f09-84ec-f665f91ce662 --until order_completed
    """
    page = writable("--html", html) if html else None
    system = options.of(context).system()
    system.kept(order_id)  # fails at once for an order that does not exist, instead of waiting for it
    actors = actors_of(system, who or ())
    if follow:
        missing = _followed(system, order_id, until or (), actors, within=within, search=lake, as_json=as_json)
    else:
        traces, missing = system.traces_until(order_id, until or (), seconds=within, search=lake)
        _tell_journey(system, order_id, traces, actors, as_json=as_json)
    if page:
        from takeaway.run.console.saved import journey_page  # noqa: PLC0415 - only needed for a page

        page.write_text(journey_page(system, order_id, search=lake), encoding="utf-8")
        messages.print(f"page: {plain(page)}")
    if missing:
        raise TakeawayError(f"Within {within} seconds it has not come to {' and '.join(missing)}.")


def actors_of(system: System, wanted: Sequence[str]) -> Sequence[str]:
    """Check the actors given with --who, and return them. Raises UsageError for an unknown one."""
    here = [name for name, _ in neighbours(system.target, system.stacks)]
    possible = [each for each in (*ACTORS, *here) if each != NEIGHBOUR]
    for each in wanted:
        if each not in possible:
            raise UsageError(f"--who: expected one of {', '.join(possible)}, got {each!r}.")
    return wanted


def _followed(
    system: System,
    order_id: str,
    until: Sequence[str],
    who: Sequence[str],
    *,
    within: float,
    search: bool,
    as_json: bool,
) -> Sequence[str]:
    """Print moments as they happen, and return the texts of --until that have not come."""
    try:
        return follow_moments(
            lambda: system.traces(order_id, search=search),
            who=who,
            until=until,
            within=within,
            as_json=as_json,
        )
    except KeyboardInterrupt:
        return ()


def _tell_journey(system: System, order_id: str, traces: Traces, actors: Sequence[str] = (), *, as_json: bool) -> None:
    found = system.order(order_id)
    moments, guessed = timeline(traces, actors), [] if system.has_workflow else guesses(found, traces)
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


def events(
    context: typer.Context,
    *,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Print new ones until Ctrl-C.")] = False,
    since: Annotated[int, typer.Option(min=0, metavar="MINUTES", help="How many minutes back to begin.")] = 60,
    limit: Annotated[
        int, typer.Option(min=1, max=100_000, help="The most to list at the beginning: the newest.")
    ] = 1000,
    as_json: AsJson = False,
) -> None:
    """List what crossed the contexts' boundaries: events on the bus and messages to restaurants.

    With --json each is one line, also with --follow. A system that orchestrates everything has no events to list.

    Example: takeaway events --follow
    """
    system = options.of(context).system()
    if system.stacks.wiring is Wiring.ORCHESTRATED:
        hint = plain(system.target.command("journey"))
        messages.print(f"[dim]Nothing is published here, the workflow calls everybody: see `{hint}`.[/]")
    new_ones = system.journal.following(_begin(system, since))
    found = new_ones.new(most=limit + 1)
    _print(found[-limit:], as_json=as_json)
    if len(found) > limit:
        messages.print(f"[dim]These are the newest {limit:,}: --limit lists more of them.[/]")
    if not found and not follow:
        messages.print(f"No events yet{'' if _is_all(system, since) else f' in the last {since:,} minutes'}.")
    try:
        with nothing_shown():
            while follow:
                time.sleep(FOLLOW_SECONDS)
                _print(new_ones.new(), as_json=as_json)
    except KeyboardInterrupt:
        return


def _begin(system: System, minutes: int) -> datetime:
    """Return the time to begin at, but not before the journal was deployed, because nothing is recorded before."""
    return datetime.now(UTC) - min(timedelta(minutes=min(minutes, LONGEST_MINUTES)), _age(system))


def _is_all(system: System, minutes: int) -> bool:
    """True if so many minutes cover the journal's whole life."""
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
