"""Print the moments of an order's journey: as one table, or one by one as they happen."""

import time
from collections.abc import Callable, Collection, Iterable, Iterator

from rich.console import Console
from rich.text import Text

from takeaway.clock import clock, lasted
from takeaway.run.cli.output import print_json_line, print_table, results, table
from takeaway.run.client.journey import Moment, Traces, timeline
from takeaway.unseen import visible
from takeaway.waiting import waiting_for
from takeaway.waiting_shown import nothing_shown

COLORS = {
    "workflow": "cyan",
    "orders": "red",
    "bus": "yellow",
    "restaurant": "magenta",
    "customer": "blue",
}
NEIGHBOUR_COLOR = "green"
FOLLOW_SECONDS = 0.5


def color_of(moment: Moment) -> str:
    return COLORS.get(moment.actor, NEIGHBOUR_COLOR)


def print_timeline(moments: Iterable[Moment], console: Console = results) -> None:
    listed = table("time", "after", "who", "what", right=("after",), prose=("what",))
    for moment in moments:
        what = Text(visible(moment.what))
        if moment.detail:
            what.append(f"  {visible(moment.detail)}", style="dim")
        since = f"+{lasted(moment.since_previous)}" if moment.since_previous else ""
        listed.add_row(Text(clock(moment.at), "dim"), since, Text(moment.actor, color_of(moment)), what)
    print_table(listed, console)


def follow(
    traces: Callable[[], Traces],
    *,
    who: Collection[str],
    until: Collection[str],
    within: float,
    as_json: bool,
) -> list[str]:
    """Print new moments until Ctrl-C; with `until`, until each text has come or `within` seconds have passed.

    Returns the texts that have not come.
    """
    known: set[tuple[object, ...]] = set()
    last: Moment | None = None
    deadline = time.monotonic() + within
    with waiting_for(f"waiting for {' and '.join(until)}", limit=None) if until else nothing_shown():
        while True:
            found = traces()
            for moment in new(timeline(found, who), known):
                print_json_line(moment) if as_json else results.print(line(moment, last))
                last = moment
            there = [moment.what for moment in timeline(found)]
            missing = [each for each in until if not any(what.startswith(each) for what in there)]
            if until and (not missing or time.monotonic() > deadline):
                return missing
            time.sleep(FOLLOW_SECONDS)


def new(moments: Iterable[Moment], known: set[tuple[object, ...]]) -> Iterator[Moment]:
    """Yield the moments that are not in `known`, and add them to it.

    A moment that becomes known late is yielded late, with its own time.
    """
    for moment in moments:
        mark = (moment.at, moment.actor, moment.what, moment.detail)
        if mark not in known:
            known.add(mark)
            yield moment


def line(moment: Moment, before: Moment | None) -> Text:
    """Format a moment in the columns of `print_timeline`."""
    since = f"+{lasted(moment.at - before.at)}" if before and moment.at > before.at else ""
    told = Text.assemble((clock(moment.at), "dim"), f"  {since:>8}  ", (f"{moment.actor:10}", color_of(moment)), "  ")
    told.append(visible(moment.what))
    if moment.detail:
        told.append(f"  {visible(moment.detail)}", style="dim")
    return told
