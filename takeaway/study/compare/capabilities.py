"""Find what people and neighbours got of an order during an outage, and what came later. Pure, except `observed`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from takeaway.run.client.readers import Kept, Line
from takeaway.study.compare.contender import Contender
from takeaway.study.compare.living import Life

CAPABILITIES = (
    "placed", "restaurant told", "accepted", "customer knows", "completed", "voucher", "in the lake",
)  # fmt: skip


class Outcome(StrEnum):
    """The time when a capability came. `NEVER` means neither by itself, nor after a redrive, nor after a replay."""

    WORKS = "✓"
    LATER = "later"
    REDRIVEN = "redriven"
    REPLAYED = "replayed"
    NEVER = "✗"
    NOT_REACHED = "–"  # an earlier step has stopped


# The outcome by the look in which a capability is first seen.
ROUNDS = (Outcome.WORKS, Outcome.LATER, Outcome.REDRIVEN, Outcome.REPLAYED)
Seen = Mapping[str, bool | None]  # by capability; None if the order did not get so far


@dataclass(frozen=True)
class Traces:
    item: Kept | None
    messages: int
    voucher: bool
    lake: frozenset[str]


def observed(contender: Contender, life: Life, lines: Sequence[Line]) -> Traces:
    if life.order_id is None:
        return Traces(None, 0, voucher=False, lake=frozenset())
    return Traces(
        contender.system.kept(life.order_id),
        contender.crossed(life.order_id, "message"),
        contender.system.vouchers.of_order(life.order_id) is not None,
        frozenset(line.event_type for line in lines if line.order_id == life.order_id),
    )


def lines_since(contender: Contender, since: datetime) -> list[Line]:
    return contender.system.lake.lines({since.date(), datetime.now(UTC).date()}, since=since)


def seen(life: Life, traces: Traces) -> Seen:
    """Tell for each capability if it was there, by what is recorded of the order."""
    item = traces.item
    changes = set(item.changes) if item else set[str]()
    placed, completed = "order_placed" in changes, "order_completed" in changes
    accepted = "order_accepted" in changes
    kinds = {change.partition(":")[0] for change in changes}
    return {
        "placed": placed,
        "restaurant told": traces.messages > 0 if placed else None,
        "accepted": accepted if life.accepted is not None else None,
        "customer knows": bool(item and is_told(item)) if changes else None,
        "completed": completed if life.delivered is not None else None,
        "voucher": traces.voucher if completed else None,
        "in the lake": kinds <= traces.lake if kinds else None,
    }


def is_told(item: Kept) -> bool:
    """True if the customer's last e-mail says how the order stands: confirmed, or how it ended."""
    confirmed = item.status in ("ACCEPTED", "COMPLETED")
    return f"user_notified:{'accepted' if confirmed else item.status.lower()}" in item.changes


def outcome(rounds: Sequence[bool | None]) -> Outcome:
    """Return the outcome by the first look in which the capability was there."""
    for name, there in zip(ROUNDS, rounds, strict=False):
        if there:
            return name
    return Outcome.NOT_REACHED if rounds[0] is None and not any(rounds) else Outcome.NEVER
