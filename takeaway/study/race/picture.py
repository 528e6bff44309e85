"""Draw a race: one time axis, and a column for each system."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from rich.console import Group
from rich.table import Table
from rich.text import Text

from takeaway.run.cli.timeline import color_of
from takeaway.run.client.journey import Moment
from takeaway.study.race.running import Lane
from takeaway.unseen import visible
from takeaway.wiring import Wiring

NARROW = 100  # columns of a terminal below which names of actors are left out


def picture(lanes: Mapping[Wiring, Lane], *, width: int, latest: int | None = None) -> Table:
    """Make a table of all moments, or the `latest` so many, by the time since each system's order was placed."""
    shown = Table(box=None, pad_edge=False, expand=True, padding=(0, 1, 0, 0))
    shown.add_column("after", justify="right", no_wrap=True, width=7)
    for wiring in lanes:
        shown.add_column(wiring, ratio=1, overflow="fold")
    rows: list[tuple[timedelta, Wiring, Moment]] = []
    for wiring, lane in lanes.items():
        rows += [(moment.at - lane.moments[0].at, wiring, moment) for moment in lane.moments]
    rows.sort(key=lambda row: row[0])
    for after, wiring, moment in rows[-latest:] if latest else rows:
        cells = {wiring: _told(moment, width)}
        shown.add_row(Text(f"{after.total_seconds():.2f} s", "dim"), *(cells.get(each, Text()) for each in lanes))
    return shown


def _told(moment: Moment, width: int) -> Text:
    told = Text(visible(moment.what), color_of(moment))
    return told if width < NARROW else Text.assemble((f"{moment.actor} ", "dim"), told)


def knows(lanes: Mapping[Wiring, Lane]) -> Group:
    """List what each system can say about the order at the end."""
    said = []
    for wiring, lane in lanes.items():
        said.append(Text.assemble("\n", (wiring, "bold"), f"  {lane.status or 'not placed'}"))
        said += [Text(f"  {visible(line)}") for each in lane.known for line in each.splitlines()]
    return Group(*said)


def facts(lanes: Mapping[Wiring, Lane]) -> dict[str, Any]:
    """Return the lanes as data for programs."""
    return {
        wiring: {
            "order_id": lane.order_id,
            "status": lane.status,
            "moments": lane.moments,
            "knows": [*lane.known],
        }
        for wiring, lane in lanes.items()
    }
