"""The ports of orders: interfaces of everything that the use cases need from the world.

Adapters implement them with AWS, and the fakes of the tests in memory.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, Protocol, get_args

from contexts.orders.domain.identity import Identity
from contexts.orders.domain.lifecycle import Status
from contexts.orders.domain.order import Order, OrderSummary

if TYPE_CHECKING:  # only the port Events knows the published language; storage must not depend on it
    from contexts.orders.published_events import Event


class Wait(StrEnum):
    """The two moments at which the workflow waits for a person.

    Each has a task token of its own, so that an answer to one can't end the other.
    """

    DECISION = "decision"
    COMPLETION = "completion"


@dataclass(frozen=True)
class Position:
    """A place in an owner's list of orders: right behind this order, newest first."""

    received_at: str
    order_id: str


@dataclass(frozen=True)
class OrderFilter:
    """The orders that a list shows: those of `owner`, of one `status` if given, without drafts if `drafts` is false."""

    owner: Identity
    status: Status | None = None
    drafts: bool = True


@dataclass(frozen=True)
class Page:
    """One page of a list.

    `after` is the position at which the next page begins; None if this is the last page.
    """

    orders: list[OrderSummary]
    after: Position | None


class Stored(Protocol):
    """An order as it was stored at one moment, with the data beside it that the domain does not know."""

    @property
    def order(self) -> Order: ...

    @property
    def fingerprint(self) -> str:
        """A hash of the request that placed the order.

        Two requests with one idempotency key are the same request only if their fingerprints are equal.
        """

    def waiting_token(self, wait: Wait) -> str | None:
        """Return the task token that the workflow stored when it began this wait; None if it has not begun."""


class Conflict(Exception):
    """Another writer was faster (optimistic locking): read again and decide anew."""


class MessageNotSent(Exception):
    """The restaurant or the customer could not be reached. The message has no personal data, because it is logged."""


class PublishingFailed(Exception):
    """The bus did not take every event. Publishing all of them again is harmless, because their ids stay the same."""


class CallbackLost(Exception):
    """The workflow could not be woken up. The decision is on the order item all the same, so none is lost."""


EndedAs = Literal["FAILED", "TIMED_OUT", "ABORTED"]  # statuses of executions that may have left their order open
ENDED: tuple[EndedAs, ...] = get_args(EndedAs)


@dataclass(frozen=True)
class Ended:
    """An execution that ended without its last state, such as one that was aborted.

    `order_id` is its name; `status` is one of ENDED.
    """

    order_id: str
    status: str


class Orders(Protocol):
    def add(self, draft: Order, fingerprint: str) -> Stored:
        """Store a draft unless its id is taken. Returns the order stored under the id, the draft or an older one.

        Raises Conflict if the older one vanished in the same moment.
        """

    def find(self, order_id: str) -> Stored | None:
        """Return the order, read consistently, or None if there is none. For callers that ask whether it exists."""

    def get(self, order_id: str) -> Order:
        """Return the order, read consistently. For callers that were told that it exists. Raises OrderNotFound."""

    def save(self, before: Order, after: Order) -> Stored:
        """Write the fields in which `after` differs from `before`, if none of them was written meanwhile.

        Returns the order as it is then stored. Raises Conflict if another writer was faster.
        """

    def page(self, wanted: OrderFilter, *, limit: int, after: Position | None) -> Page:
        """Return up to `limit` orders, newest first.

        Reads are eventually consistent: an order of the last moment may be missing.
        """


class Events(Protocol):
    def publish(self, events: Sequence["Event"]) -> None:
        """Put all events on the bus. Raises PublishingFailed if it did not take every one of them."""


class Restaurants(Protocol):
    def notify(self, order: Order) -> None:
        """Tell the restaurant that an order waits for its decision. Raises MessageNotSent."""


class Customers(Protocol):
    def notify(self, order: Order) -> None:
        """Tell the customer how the order stands. Raises MessageNotSent."""


class Workflow(Protocol):
    def start(self, order_id: str) -> None:
        """Start the execution named by the order. Does nothing if it was started already, so that a retry is safe."""

    def resume(self, token: str, outcome: dict[str, str]) -> None:
        """Answer the waiting state: `token` is its task token, `outcome` the answer as {wait: outcome}.

        Ignores a token that nothing waits for any more. Raises CallbackLost if Step Functions could not be reached.
        """


class Executions(Protocol):
    def ended(self, *, since: datetime, until: datetime) -> Iterator[Ended]:
        """Yield the executions that ended from outside, from `since` on and before `until`."""

    def have_closed(self, ended: Iterable[Ended]) -> None:
        """Ask for the orders of these executions to be closed, as if EventBridge had told of their ends.

        Asking twice is harmless, because closing is idempotent.
        """


class Allowances(Protocol):
    def take(self, customer_id: str, now: datetime) -> timedelta:
        """Count one more order of the customer.

        Returns zero if it may be placed, else how long to wait first; then nothing is counted. Raises Conflict.
        """


class Clock(Protocol):
    def now(self) -> datetime: ...


class Ports(Protocol):
    """Every port of this context.

    Each is built on first use, so that a function opens only the clients that it needs.
    """

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
