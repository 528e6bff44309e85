"""What the steps of the workflow do, named as its states; commands.py has what people ask for.

Each does its step, records the change with a conditional write, then publishes it. Done again after a crash at any
point, it records nothing twice and publishes the same event with the same id.
"""

from collections.abc import Callable

from contexts.orders.application.ports import Ports
from contexts.orders.application.recording import without_conflict
from contexts.orders.domain.lifecycle import RESTAURANT_NOTIFIED, Change, ChangeType, Status, change_to
from contexts.orders.domain.order import Order
from contexts.orders.published_events import events_of

Transition = Callable[[Order], Order]


def place_order(order_id: str, ports: Ports) -> Order:
    return _take_status(Status.PLACED, order_id, ports)


def notify_restaurant(order_id: str, ports: Ports) -> Order:
    order = ports.orders.get(order_id)
    if not order.has(RESTAURANT_NOTIFIED):
        ports.restaurants.notify(order)
        order = record(
            order_id, ports, lambda order: order.restaurant_notified(ports.clock.now()), RESTAURANT_NOTIFIED, read=order
        )
    ports.events.publish(events_of(order, RESTAURANT_NOTIFIED))
    return order


def accept_order(order_id: str, ports: Ports) -> Order:
    return _take_status(Status.ACCEPTED, order_id, ports)


def complete_order(order_id: str, ports: Ports) -> Order:
    return _take_status(Status.COMPLETED, order_id, ports)


def reject_order(order_id: str, ports: Ports) -> Order:
    return _take_status(Status.REJECTED, order_id, ports)


def cancel_order(order_id: str, ports: Ports) -> Order:
    return _take_status(Status.CANCELLED, order_id, ports)


def expire_order(order_id: str, ports: Ports) -> Order:
    """Expired, unless a decision came first: the order that is returned has the `decision` that stands."""
    return _unless_forestalled(Status.EXPIRED, order_id, ports, lambda order: order.expire(ports.clock.now()))


def time_out_order(order_id: str, ports: Ports) -> Order:
    """Timed out, unless a completion came first: the order that is returned has the `completion` that stands."""
    return _unless_forestalled(Status.TIMED_OUT, order_id, ports, lambda order: order.time_out(ports.clock.now()))


def notify_user(order_id: str, ports: Ports) -> Order:
    """An e-mail that tells how the order stands: its status is the reason.

    Whoever has got the food needs none: it is completed, also if its workflow could not publish that and failed.
    """
    order = ports.orders.get(order_id)
    status = order.status
    if status is Status.COMPLETED:
        return order
    notified = Change(ChangeType.USER_NOTIFIED, about=status)
    if not order.has(notified):
        ports.customers.notify(order)
        order = record(
            order_id, ports, lambda order: order.user_notified(status, ports.clock.now()), notified, read=order
        )
    ports.events.publish(events_of(order, notified))
    return order


def skip_notification(order_id: str, ports: Ports) -> Order:
    """The customer could not be notified. If only the event of it failed, that is published."""
    order = ports.orders.get(order_id)
    notified = Change(ChangeType.USER_NOTIFIED, about=order.status)
    if order.has(notified):
        ports.events.publish(events_of(order, notified))
    return order


def fail_order(order_id: str, ports: Ports) -> Order:
    """A step failed for good. Which one is not known here, so every recorded change is published again."""
    return _close(order_id, ports, lambda _: Status.FAILED)


def close_order(order_id: str, ports: Ports, *, timed_out: bool) -> Order:
    """The execution ended from outside the workflow: the order is brought to its end, and the customer told."""
    _close(order_id, ports, lambda order: order.end_for(timed_out=timed_out))
    return notify_user(order_id, ports)


def _take_status(status: Status, order_id: str, ports: Ports) -> Order:
    change = change_to(status)
    order = record(order_id, ports, lambda order: order.become(status, ports.clock.now()), change)
    ports.events.publish(events_of(order, change))
    return order


def _unless_forestalled(status: Status, order_id: str, ports: Ports, transition: Transition) -> Order:
    change = change_to(status)
    order = record(order_id, ports, transition, change)
    if order.has(change):
        ports.events.publish(events_of(order, change))
    return order


def _close(order_id: str, ports: Ports, end: Callable[[Order], Status]) -> Order:
    def closed(order: Order) -> Order:
        return order.become(end(order), ports.clock.now()) if order.is_open else order

    order = record(order_id, ports, closed)
    ports.events.publish(events_of(order))
    return order


def record(
    order_id: str, ports: Ports, transition: Transition, change: Change | None = None, *, read: Order | None = None
) -> Order:
    """The order with the transition recorded: by this call, or by an earlier one that recorded the change.

    Whoever wrote meanwhile is asked anew: the transition decides about the order as it then is. Who has just `read` it
    saves a read, unless somebody wrote meanwhile. Raises Conflict.
    """
    just_read = [read] if read else []

    def once() -> Order:
        before = just_read.pop() if just_read else ports.orders.get(order_id)
        if change and before.has(change):
            return before
        after = transition(before)
        return before if after == before else ports.orders.save(before, after).order

    return without_conflict(order_id, once)
