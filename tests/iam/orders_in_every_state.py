"""Orders as they are when each step of the workflow comes to them."""

from datetime import UTC, datetime
from uuid import uuid4

from contexts.orders.adapters.order_item import to_item
from contexts.orders.domain.lifecycle import Decision, Status
from contexts.orders.domain.order import Order
from takeaway.client.system import System
from tests.fakes.orders import draft


def _placed() -> Order:
    return draft(str(uuid4()), received_at=_now()).become(Status.PLACED, _now())


def _decided(decision: Decision) -> Order:
    return _placed().decide(decision)


def _accepted() -> Order:
    return _decided(Decision.ACCEPTED).become(Status.ACCEPTED, _now())


def _now() -> datetime:
    return datetime.now(UTC)


COMES_TO = {
    "place-order": lambda: draft(str(uuid4()), received_at=_now()),
    "notify-restaurant": _placed,
    "accept-order": lambda: _decided(Decision.ACCEPTED),
    "reject-order": lambda: _decided(Decision.REJECTED),
    "cancel-order": lambda: _decided(Decision.CANCELLED),
    "expire-order": _placed,
    "notify-user": _accepted,
    "skip-notification": lambda: _accepted().user_notified(Status.ACCEPTED, _now()),
    "complete-order": lambda: _accepted().deliver(),
    "time-out-order": _accepted,
    "fail-order": _placed,
    "close-order": _placed,
}


def order_for(system: System, step: str) -> str:
    """The id of a new one in the table of orders."""
    order = COMES_TO[step]()
    table = system.stacks.output("orders", "OrdersTable")
    system.target.client("dynamodb").put_item(TableName=table, Item=to_item(order))
    return order.order_id
