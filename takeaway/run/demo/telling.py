"""Tell many orders: a log in order of time, how they ended, and the evidence of each."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from rich.table import Table
from rich.text import Text

from takeaway.money import shown
from takeaway.run.client.readers import Entry, Voucher
from takeaway.run.demo.evidence import Evidence, missing
from takeaway.run.demo.examples import Example
from takeaway.run.demo.play import Act
from takeaway.run.demo.scene import COLORS, NEIGHBOUR_COLOR

BECAUSE = {
    "completed": "the restaurant accepted and delivered",
    "rejected": "the restaurant said no, and why",
    "expired": "the restaurant did not answer in time",
    "cancelled": "the customer called it off before there was an answer",
    "timed out": "accepted, and not delivered in time",
    "stopped by an operator": "an operator stopped its workflow; the customer is told",
}


class Line(NamedTuple):
    at: datetime
    who: str
    what: str


def log(
    acts: Iterable[Act], entries: Iterable[Entry], vouchers: Iterable[Voucher], placed: Mapping[str, Example]
) -> list[Line]:
    """List all that happened to these orders, in order of time; made at the end, because news may come late."""
    examples = {example.name for example in placed.values()}
    return sorted(
        [
            *(Line(act.at, act.who, act.what) for act in acts if act.example.name in examples),
            *(_crossing(entry, placed[entry.order_id]) for entry in entries if entry.order_id in placed),
            *(_issued(voucher, placed[voucher.order_id]) for voucher in vouchers if voucher.order_id in placed),
        ]
    )


def shown_line(line: Line) -> Text:
    time = line.at.astimezone().strftime("%H:%M:%S.") + f"{line.at.microsecond // 1000:03d}"
    who = (f"{line.who:10}", COLORS.get(line.who, NEIGHBOUR_COLOR))
    return Text.assemble((time, "dim"), "  ", who, "  ", line.what)


def _crossing(entry: Entry, example: Example) -> Line:
    if entry.kind == "message":
        return Line(entry.at, "restaurant", f"{example.restaurant} gets the order of {example.customer}")
    reason = f" ({entry.content['reason']})" if "reason" in entry.content else ""
    return Line(entry.at, "orders", f"publishes {entry.name}{reason} for {example.customer}")


def _issued(voucher: Voucher, example: Example) -> Line:
    value = shown(voucher.amount, voucher.currency)
    occasion = f" for order number {voucher.loyalty_order}" if voucher.loyalty_order else ""
    what = f"hears order_completed and issues {voucher.code}, {value} off, to {example.customer}{occasion}"
    return Line(voucher.issued_at, "promotions", what)


def endings(evidence: Mapping[str, Evidence], placed: Mapping[str, Example]) -> Table:
    """Make a table of how many orders ended in each status, with the reason that their story gives."""
    table = Table(box=None, pad_edge=False)
    for heading in ("ended as", "orders", "because"):
        table.add_column(heading, justify="right" if heading == "orders" else "left")
    counted = Counter[tuple[str, str]]()
    for order_id, example in placed.items():
        status = evidence[order_id].status or "unknown"
        as_told = status == example.way.status
        counted[status, BECAUSE.get(example.story, example.story) if as_told else "not what was to happen"] += 1
    for (status, because), count in counted.most_common():
        table.add_row(status, str(count), because)
    return table


def checked(evidence: Mapping[str, Evidence], placed: Mapping[str, Example]) -> Table:
    """Make a table of each order's evidence, with a mark if it is complete."""
    table = Table(box=None, pad_edge=False, collapse_padding=True)
    for heading in ("", "order", "status", "events", "message", "mails", "voucher", "lake"):
        table.add_column(heading, justify="left" if heading in ("", "order", "status") else "right")
    for order_id, example in sorted(placed.items(), key=lambda each: each[1].name):
        found = evidence[order_id]
        mark = Text("✗", "red") if missing(example, found) else Text("✓", "green")
        counts = (len(found.events), found.messages, found.mails, found.vouchers, len(found.lake))
        table.add_row(mark, example.name, found.status, *map(str, counts))
    return table


def left_behind(evidence: Mapping[str, Evidence]) -> str:
    """Sum up the evidence of all orders in a sentence, for when it is complete."""
    found = evidence.values()
    return (
        f"\nAll {len(found)} orders so far have left behind what they should: "
        f"{sum(len(each.events) for each in found)} events, each in the reports' lake as well; "
        f"{sum(each.messages for each in found)} messages to restaurants, "
        f"{sum(each.mails for each in found)} e-mails to customers, {sum(each.vouchers for each in found)} vouchers."
    )
