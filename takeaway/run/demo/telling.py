"""Tells the story, a line for whatever happens: who, and what."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from rich.console import Console
from rich.table import Table
from rich.text import Text

from takeaway.money import shown
from takeaway.run.client.readers import Entry, Voucher
from takeaway.run.demo.evidence import Evidence, missing
from takeaway.run.demo.examples import Example

COLORS = {"customer": "blue", "orders": "yellow", "restaurant": "magenta", "promotions": "green", "operator": "red"}


SETTLED = timedelta(seconds=1)  # by then everybody has heard of what happened


class Teller:
    """A line for each thing that happens, in the order of happening.

    Word of it comes by different ways that take different times, so each line waits for a moment.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._heard: list[tuple[datetime, str, str]] = []

    def tell(self, who: str, what: str, at: datetime | None = None) -> None:
        """It happens now, if nothing else is said."""
        self._heard.append((at or datetime.now(UTC), who, what))  # one step, also when several threads do it at once

    def crosses(self, entry: Entry, example: Example) -> None:
        if entry.kind == "message":
            self.tell("restaurant", f"{example.restaurant} gets the order of {example.customer}", entry.at)
            return
        reason = f" ({entry.content['reason']})" if "reason" in entry.content else ""
        self.tell("orders", f"publishes {entry.name}{reason} for {example.customer}", entry.at)

    def voucher(self, voucher: Voucher, example: Example) -> None:
        value = shown(voucher.amount, voucher.currency)
        occasion = f" for order number {voucher.loyalty_order}" if voucher.loyalty_order else ""
        what = f"hears order_completed and issues {voucher.code}, {value} off, to {example.customer}{occasion}"
        self.tell("promotions", what, voucher.issued_at)

    def pause(self) -> None:
        self._tell_until(datetime.now(UTC) - SETTLED)

    def end(self) -> None:
        self._tell_until(datetime.max.replace(tzinfo=UTC))

    def _tell_until(self, until: datetime) -> None:
        while ready := [heard for heard in self._heard if heard[0] <= until]:
            at, who, what = first = min(ready)
            self._heard.remove(first)
            time = at.astimezone().strftime("%H:%M:%S.") + f"{at.microsecond // 1000:03d}"
            self._console.print(Text.assemble((time, "dim"), "  ", (f"{who:10}", COLORS[who]), "  ", what))


def checked(evidence: Mapping[str, Evidence], placed: Mapping[str, Example]) -> Table:
    """What each order has left behind."""
    table = Table(box=None, pad_edge=False)
    for heading in ("", "order", "status", "events", "messages", "e-mails", "vouchers", "in the lake"):
        table.add_column(heading, justify="left" if heading in ("", "order", "status") else "right")
    for order_id, example in sorted(placed.items(), key=lambda each: each[1].name):
        found = evidence[order_id]
        mark = Text("✗", "red") if missing(example, found) else Text("✓", "green")
        counts = (len(found.events), found.messages, found.mails, found.vouchers, len(found.lake))
        table.add_row(mark, example.name, found.status, *map(str, counts))
    return table
