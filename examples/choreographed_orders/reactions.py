"""The reactions to events, each of which may come late, twice, or after the order has moved on without it.

A workflow takes one step after the other. Here nothing keeps the steps in order, so each checks first whether it has
been overtaken: otherwise a restaurant would be told of a cancelled order, or a customer that a delivered order is
confirmed.
"""

from contexts.orders.application import steps
from contexts.orders.application.ports import Ports
from contexts.orders.domain.lifecycle import RESTAURANT_NOTIFIED, Change, ChangeType, Status, change_to
from contexts.orders.domain.order import Order
from contexts.orders.published_events import events_of

STATUS_OF = {change_to(status).type: status for status in (Status.ACCEPTED, Status.REJECTED, Status.CANCELLED)}


def notify_restaurant(_: ChangeType, order_id: str, ports: Ports) -> Order:
    order = ports.orders.get(order_id)
    if order.decision and not order.has(RESTAURANT_NOTIFIED):
        return order
    return steps.notify_restaurant(order_id, ports)


def notify_user(of: ChangeType, order_id: str, ports: Ports) -> Order:
    order = ports.orders.get(order_id)
    if order.status is STATUS_OF[of]:
        return steps.notify_user(order_id, ports)
    notified = Change(ChangeType.USER_NOTIFIED, about=STATUS_OF[of])
    if order.has(notified):  # the e-mail was sent, but perhaps its event was not published
        ports.events.publish(events_of(order, notified))
    return order
