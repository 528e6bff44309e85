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

    @property
    def word(self) -> str:
        """The status in lower case, as events and the keys of changes spell it."""
        return self.lower()

    @classmethod
    def of_word(cls, word: str) -> "Status":
        return cls(word.upper())


class Decision(StrEnum):
    """A decision about a placed order, by a person or by the deadline. The first one stands."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Completion(StrEnum):
    """The end of an accepted order's delivery. The first one stands."""

    COMPLETED = "completed"
    TIMED_OUT = "timed_out"


class ChangeType(StrEnum):
    """The kinds of recorded change, each named as its event, in the order of an order's life."""

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
    """A change of an order. Only a notification has `about`: the status that the user was notified of."""

    type: ChangeType
    about: Status | None = None

    @property
    def key(self) -> str:
        """The change's name within its order: the key under which it is stored, and a part of its event's id."""
        return f"{self.type}:{self.about.word}" if self.about else str(self.type)

    @classmethod
    def from_key(cls, key: str) -> "Change":
        kind, _, about = key.partition(":")
        return cls(ChangeType(kind), Status.of_word(about) if about else None)


RESTAURANT_NOTIFIED = Change(ChangeType.RESTAURANT_NOTIFIED)

OPEN = frozenset({Status.RECEIVED, Status.PLACED, Status.ACCEPTED})


@dataclass(frozen=True)
class Becoming:
    """The conditions for taking a status.

    The order must have one of the statuses in `follows`, and the outcome `needs` if there is one. `told_as` is the
    change that is recorded and published.
    """

    follows: frozenset[Status]
    told_as: ChangeType
    needs: Decision | Completion | None = None


_DRAFT, _PLACED, _ACCEPTED = (frozenset({each}) for each in (Status.RECEIVED, Status.PLACED, Status.ACCEPTED))
# The whole life of an order. A deadline or a technical failure may hit any open one.
LIFE: dict[Status, Becoming] = {
    Status.PLACED: Becoming(_DRAFT, ChangeType.ORDER_PLACED),
    Status.ACCEPTED: Becoming(_PLACED, ChangeType.ORDER_ACCEPTED, Decision.ACCEPTED),
    Status.COMPLETED: Becoming(_ACCEPTED, ChangeType.ORDER_COMPLETED, Completion.COMPLETED),
    Status.REJECTED: Becoming(_PLACED, ChangeType.ORDER_REJECTED, Decision.REJECTED),
    Status.EXPIRED: Becoming(_PLACED, ChangeType.ORDER_EXPIRED, Decision.EXPIRED),
    Status.CANCELLED: Becoming(_PLACED, ChangeType.ORDER_CANCELLED, Decision.CANCELLED),
    Status.TIMED_OUT: Becoming(OPEN, ChangeType.ORDER_TIMED_OUT),
    Status.FAILED: Becoming(OPEN, ChangeType.ORDER_FAILED),
}
FOLLOWS = {status: becoming.follows for status, becoming in LIFE.items()}


def change_to(status: Status) -> Change:
    """The change that is published when an order takes this status."""
    return Change(LIFE[status].told_as)


def status_after(outcome: Decision | Completion) -> Status:
    """The status that an order takes because of this outcome."""
    return next(status for status, becoming in LIFE.items() if becoming.needs is outcome)
