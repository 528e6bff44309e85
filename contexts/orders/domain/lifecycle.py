"""The words of an order's life: statuses, decisions, and the changes that are published."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    RECEIVED = "RECEIVED"  # a draft: its workflow has not begun
    PLACED = "PLACED"
    ACCEPTED = "ACCEPTED"
    COMPLETED = "COMPLETED"
    REJECTED = "REJECTED"
    EXPIRED = "EXPIRED"
    CANCELLED = "CANCELLED"
    TIMED_OUT = "TIMED_OUT"
    FAILED = "FAILED"


class Decision(StrEnum):
    """What was decided about a placed order; the first one stands."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Completion(StrEnum):
    """How an accepted order's delivery ended; the first one stands."""

    COMPLETED = "completed"
    TIMED_OUT = "timed_out"


class ChangeType(StrEnum):
    """A recorded change, named as the event that tells of it; in the order of an order's life."""

    ORDER_PLACED = "order_placed"
    RESTAURANT_NOTIFIED = "restaurant_notified"
    ORDER_ACCEPTED = "order_accepted"
    ORDER_COMPLETED = "order_completed"
    ORDER_REJECTED = "order_rejected"
    ORDER_EXPIRED = "order_expired"
    ORDER_CANCELLED = "order_cancelled"
    ORDER_TIMED_OUT = "order_timed_out"
    ORDER_FAILED = "order_failed"
    USER_NOTIFIED = "user_notified"


@dataclass(frozen=True)
class Change:
    """One kind of change of one order. Only a notification carries `about`: the status that it told the user of."""

    type: ChangeType
    about: Status | None = None

    @property
    def key(self) -> str:
        """Names the change within its order, in storage and in its event's id."""
        return f"{self.type}:{self.about.lower()}" if self.about else str(self.type)

    @classmethod
    def from_key(cls, key: str) -> "Change":
        kind, _, about = key.partition(":")
        return cls(ChangeType(kind), Status(about.upper()) if about else None)


RESTAURANT_NOTIFIED = Change(ChangeType.RESTAURANT_NOTIFIED)

OPEN = frozenset({Status.RECEIVED, Status.PLACED, Status.ACCEPTED})

# status -> the statuses that it may follow; a deadline or a technical failure may hit any open order
FOLLOWS: dict[Status, frozenset[Status]] = {
    Status.PLACED: frozenset({Status.RECEIVED}),
    Status.ACCEPTED: frozenset({Status.PLACED}),
    Status.COMPLETED: frozenset({Status.ACCEPTED}),
    Status.REJECTED: frozenset({Status.PLACED}),
    Status.EXPIRED: frozenset({Status.PLACED}),
    Status.CANCELLED: frozenset({Status.PLACED}),
    Status.TIMED_OUT: OPEN,
    Status.FAILED: OPEN,
}


def change_to(status: Status) -> Change:
    """The change that is published when an order takes this status."""
    return Change(ChangeType(f"order_{status.lower()}"))
