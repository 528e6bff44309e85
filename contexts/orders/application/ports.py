"""What the use cases need from the world. Adapters implement these; so do the fakes of the tests."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, Protocol, get_args

from contexts.orders.domain.identity import Identity
from contexts.orders.domain.lifecycle import Status
from contexts.orders.domain.order import Order, OrderSummary

if TYPE_CHECKING:  # what is published is for one port only: storage goes without it
    from contexts.orders.published_events import Event


class Wait(StrEnum):
    """What the workflow waits for; each wait has a token of its own, so that one can't end the other."""

    DECISION = "decision"
    COMPLETION = "completion"


@dataclass(frozen=True)
class Position:
    """A place in somebody's list of orders, newest first: just behind this order."""

    received_at: str
    order_id: str


@dataclass(frozen=True)
class OrderFilter:
    """Whose orders, and which of them."""

    owner: Identity
    status: Status | None = None
    drafts: bool = True


@dataclass(frozen=True)
class Page:
    """`after` is where the next page begins; None if this is the last one."""

    orders: list[OrderSummary]
    after: Position | None


class Stored(Protocol):
    """An order as it was stored at one moment, and what lies beside it that is none of its own."""

    @property
    def order(self) -> Order: ...

    @property
    def fingerprint(self) -> str:
        """Of the request that placed it: tells its repetition from another one under the same idempotency key."""

    def waiting_token(self, wait: Wait) -> str | None:
        """The task token that the workflow stored when it began this wait; None if it has not."""


class Conflict(Exception):
    """Someone else wrote first: read again and decide anew."""


class MessageNotSent(Exception):
    """The restaurant or the customer could not be reached. Carries no personal data."""


class PublishingFailed(Exception):
    """The bus did not take every event; publishing again is harmless."""


class CallbackLost(Exception):
    """The workflow could not be woken up. What was decided is on the order item all the same."""


EndedAs = Literal["FAILED", "TIMED_OUT", "ABORTED"]  # an execution that may have left its order open
ENDED: tuple[EndedAs, ...] = get_args(EndedAs)


@dataclass(frozen=True)
class Ended:
    """An execution that ended from outside, named by its order; `status` is one of ENDED."""

    order_id: str
    status: str


class Orders(Protocol):
    def add(self, draft: Order, fingerprint: str) -> Stored:
        """Store a draft unless its id is taken; what is stored under the id. Raises Conflict."""

    def find(self, order_id: str) -> Stored | None:
        """Consistently; None if there is none, for those who only ask."""

    def get(self, order_id: str) -> Order:
        """Consistently, for those who were told that it is there. Raises OrderNotFound."""

    def save(self, before: Order, after: Order) -> Stored:
        """Write the difference on condition that nothing of it was written meanwhile; what is then stored.

        Raises Conflict.
        """

    def page(self, wanted: OrderFilter, *, limit: int, after: Position | None) -> Page:
        """Up to `limit` orders, newest first; what was written in the last moment may be missing."""


class Events(Protocol):
    def publish(self, events: Sequence["Event"]) -> None:
        """All or an error. Raises PublishingFailed."""


class Restaurants(Protocol):
    def notify(self, order: Order) -> None:
        """Tell the restaurant that an order waits for its decision. Raises MessageNotSent."""


class Customers(Protocol):
    def notify(self, order: Order) -> None:
        """Tell the customer how the order stands. Raises MessageNotSent."""


class Workflow(Protocol):
    def start(self, order_id: str) -> None:
        """Start the execution named by the order; one that was started already is as good."""

    def resume(self, token: str, outcome: dict[str, str]) -> None:
        """Wake the waiting state up. A token that nobody waits for any more is ignored. Raises CallbackLost."""


class Executions(Protocol):
    def ended(self, *, since: datetime, until: datetime) -> Iterator[Ended]:
        """Those that ended from outside in that time."""

    def have_closed(self, ended: Iterable[Ended]) -> None:
        """Have their orders closed, as if their ends had been told; to ask twice is harmless."""


class Allowances(Protocol):
    def take(self, customer_id: str, now: datetime) -> timedelta:
        """Count one more order of the customer; how long to wait instead, if there were too many. Raises Conflict."""


class Clock(Protocol):
    def now(self) -> datetime: ...


class Ports(Protocol):
    """Every port; built on first use, so that a function opens only the clients that it uses."""

    @property
    def orders(self) -> Orders: ...
    @property
    def allowances(self) -> Allowances: ...
    @property
    def events(self) -> Events: ...
    @property
    def restaurants(self) -> Restaurants: ...
    @property
    def customers(self) -> Customers: ...
    @property
    def workflow(self) -> Workflow: ...
    @property
    def clock(self) -> Clock: ...
