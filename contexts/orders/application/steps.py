"""The steps of the workflow, each named as its state; commands.py has the requests of people.

A step acts, records the change with a conditional write, then publishes it. Each is idempotent: repeated after a crash
at any point, it records nothing twice and publishes the same event with the same id.
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
    """Expire the order, unless a decision came first: the returned order's `decision` is the one that stands."""
    return _unless_forestalled(Status.EXPIRED, order_id, ports, lambda order: order.expire(ports.clock.now()))


def time_out_order(order_id: str, ports: Ports) -> Order:
    """Time the order out, unless it was completed first: the returned order's `completion` is the one that stands."""
    return _unless_forestalled(Status.TIMED_OUT, order_id, ports, lambda order: order.time_out(ports.clock.now()))


def notify_user(order_id: str, ports: Ports) -> Order:
    """Send the customer an e-mail that tells the order's status.

    A completed order sends none, because the customer has the food; its workflow asks for one only if it failed while
    publishing that. Raises MessageNotSent.
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
    """Go on without the e-mail that could not be sent.

    If the e-mail was sent and only publishing that failed, the event is published here.
    """
    order = ports.orders.get(order_id)
    notified = Change(ChangeType.USER_NOTIFIED, about=order.status)
    if order.has(notified):
        ports.events.publish(events_of(order, notified))
    return order


def fail_order(order_id: str, ports: Ports) -> Order:
    """Close an order of which a step has failed for good.

    Publishes every recorded change again, because the workflow does not say which step failed: its event may be the
    missing one.
    """
    return _close(order_id, ports, lambda _: Status.FAILED)


def close_order(order_id: str, ports: Ports, *, timed_out: bool) -> Order:
    """End an order whose execution was ended from outside the workflow, and tell the customer."""
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
    """Apply a transition to an order and store it, or return the order if `change` is recorded already.

    After a conflict, the transition decides again about the order as it then is. `read`, an order that the caller has
    just read, saves the first read. Raises Conflict.
    """
    just_read = [read] if read else []

    def once() -> Order:
        before = just_read.pop() if just_read else ports.orders.get(order_id)
        if change and before.has(change):
            return before
        after = transition(before)
        return before if after == before else ports.orders.save(before, after).order

    return without_conflict(order_id, once)
