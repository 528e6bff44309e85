"""What people ask of orders. A command only records what was decided and wakes the workflow up, which acts on it."""

from dataclasses import dataclass

from contexts.orders.application.ports import CallbackLost, OrderFilter, Page, Ports, Position, Wait
from contexts.orders.application.use_cases import record
from contexts.orders.domain.errors import Forbidden, KeyReused, OrderNotFound
from contexts.orders.domain.identity import Identity, Role
from contexts.orders.domain.lifecycle import Completion, Decision, Status
from contexts.orders.domain.order import Order


@dataclass(frozen=True)
class Answer:
    """The order as decided; `callback_lost` says that the workflow will notice by itself only at its next timeout."""

    order: Order
    callback_lost: bool = False


def submit_order(draft: Order, ports: Ports, *, earlier_hash: str | None = None) -> Order:
    """Store the draft and start its workflow. The same request again does the same again.

    `earlier_hash` is what the version before would have made of the body: a request may be repeated across a
    deployment. Raises KeyReused if the id is taken by an order with another body.
    """
    stored = ports.orders.add(draft)
    if stored.request_hash not in (draft.request_hash, earlier_hash):
        raise KeyReused
    ports.workflow.start(stored.order_id)
    return stored


def view_order(order_id: str, identity: Identity, ports: Ports) -> Order:
    """The order, for its customer or its restaurant. Raises OrderNotFound for anyone else, who can't probe for ids."""
    order = ports.orders.get(order_id)
    if identity.role is Role.CUSTOMER:
        visible = order.customer.customer_id == identity.party_id
    else:  # a draft is not yet the restaurant's business
        visible = order.restaurant_id == identity.party_id and order.status is not Status.RECEIVED
    if not visible:
        raise OrderNotFound(order_id)
    return order


def list_orders(identity: Identity, ports: Ports, *, status: Status | None, limit: int, after: Position | None) -> Page:
    """The caller's own orders. A position is one in the caller's list, wherever it was taken from."""
    wanted = OrderFilter(identity, status, drafts=identity.role is Role.CUSTOMER)
    return ports.orders.page(wanted, limit=limit, after=after)


def accept(order_id: str, identity: Identity, ports: Ports) -> Answer:
    _authorize("accept", Role.RESTAURANT, order_id, identity, ports)
    return _decide(order_id, Decision.ACCEPTED, ports)


def reject(order_id: str, identity: Identity, ports: Ports, *, reason: str) -> Answer:
    _authorize("reject", Role.RESTAURANT, order_id, identity, ports)
    return _decide(order_id, Decision.REJECTED, ports, reason=reason)


def cancel(order_id: str, identity: Identity, ports: Ports) -> Answer:
    _authorize("cancel", Role.CUSTOMER, order_id, identity, ports)
    return _decide(order_id, Decision.CANCELLED, ports)


def complete(order_id: str, identity: Identity, ports: Ports) -> Answer:
    _authorize("complete", Role.RESTAURANT, order_id, identity, ports)
    order = record(order_id, ports, lambda order: order.deliver())
    return _wake_up(order, Wait.COMPLETION, Completion.COMPLETED, ports)


def _authorize(action: str, role: Role, order_id: str, identity: Identity, ports: Ports) -> None:
    view_order(order_id, identity, ports)
    if identity.role is not role:
        raise Forbidden(action, identity.role)


def _decide(order_id: str, decision: Decision, ports: Ports, *, reason: str = "") -> Answer:
    order = record(order_id, ports, lambda order: order.decide(decision, reason=reason))
    return _wake_up(order, Wait.DECISION, decision, ports)


def _wake_up(order: Order, wait: Wait, outcome: str, ports: Ports) -> Answer:
    """Also when the same was decided before: its callback may have been lost."""
    token = ports.orders.waiting_token(order.order_id, wait)
    # Without a token the workflow has not begun to wait: it will find the decision on the order item.
    if token:
        try:
            ports.workflow.resume(token, {wait: outcome})
        except CallbackLost:
            return Answer(order, callback_lost=True)
    return Answer(order)
