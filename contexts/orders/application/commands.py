"""What people ask of orders. A command only records what was decided and wakes the workflow up, which acts on it.

What is asked for is granted or refused: both are answers. Exceptions are for what failed.
"""

from dataclasses import dataclass

from contexts.orders.application.ports import CallbackLost, OrderFilter, Page, Ports, Position, Stored, Wait
from contexts.orders.application.recording import without_conflict
from contexts.orders.domain.identity import Identity, Role
from contexts.orders.domain.lifecycle import Completion, Decision, Status
from contexts.orders.domain.order import Order
from contexts.orders.domain.refusals import Forbidden, KeyReused, Refusal, TooManyOrders, UnknownOrder


@dataclass(frozen=True)
class Answer:
    """The order as decided; `callback_lost` says that the workflow will notice by itself only at its next timeout."""

    order: Order
    callback_lost: bool = False


@dataclass(frozen=True)
class Asked:
    """What somebody decides about an order, and who may."""

    action: str
    by: Role
    outcome: Decision | Completion
    reason: str = ""

    @property
    def wait(self) -> Wait:
        return Wait.DECISION if isinstance(self.outcome, Decision) else Wait.COMPLETION

    def of(self, order: Order) -> Order | Refusal:
        """The order with this decided about it."""
        return order.decide(self.outcome, reason=self.reason) if isinstance(self.outcome, Decision) else order.deliver()


def submit_order(draft: Order, ports: Ports, *, fingerprint: str) -> Order | Refusal:
    """Store the draft and start its workflow. The same request again, told by its fingerprint, does the same again.

    KeyReused, if the id is taken by an order of another request; TooManyOrders, if the customer's allowance is used up.
    """
    wait = ports.allowances.take(draft.customer.customer_id, draft.received_at)
    if wait and not ports.orders.find(draft.order_id):  # what was placed already is not placed once more
        return TooManyOrders(wait)
    stored = ports.orders.add(draft, fingerprint)
    if stored.fingerprint != fingerprint:
        return KeyReused()
    ports.workflow.start(draft.order_id)
    return stored.order


def view_order(order_id: str, identity: Identity, ports: Ports) -> Order | Refusal:
    """The order, for its customer or its restaurant."""
    found = _find(order_id, identity, ports)
    return found if isinstance(found, Refusal) else found.order


def list_orders(identity: Identity, ports: Ports, *, status: Status | None, limit: int, after: Position | None) -> Page:
    """The caller's own orders. A position is one in the caller's list, wherever it was taken from."""
    wanted = OrderFilter(identity, status, drafts=identity.role is Role.CUSTOMER)
    return ports.orders.page(wanted, limit=limit, after=after)


def accept(order_id: str, identity: Identity, ports: Ports) -> Answer | Refusal:
    return _decide(Asked("accept", Role.RESTAURANT, Decision.ACCEPTED), order_id, identity, ports)


def reject(order_id: str, identity: Identity, ports: Ports, *, reason: str) -> Answer | Refusal:
    return _decide(Asked("reject", Role.RESTAURANT, Decision.REJECTED, reason), order_id, identity, ports)


def cancel(order_id: str, identity: Identity, ports: Ports) -> Answer | Refusal:
    return _decide(Asked("cancel", Role.CUSTOMER, Decision.CANCELLED), order_id, identity, ports)


def complete(order_id: str, identity: Identity, ports: Ports) -> Answer | Refusal:
    return _decide(Asked("complete", Role.RESTAURANT, Completion.COMPLETED), order_id, identity, ports)


def _find(order_id: str, identity: Identity, ports: Ports) -> Stored | Refusal:
    """An order is unknown to anyone but its customer and its restaurant, so that nobody can probe for ids."""
    found = ports.orders.find(order_id)
    if not found:
        return UnknownOrder(order_id)
    order = found.order
    if identity.role is Role.CUSTOMER:
        visible = order.customer.customer_id == identity.party_id
    else:  # a draft is not yet the restaurant's business
        visible = order.restaurant_id == identity.party_id and order.status is not Status.RECEIVED
    return found if visible else UnknownOrder(order_id)


def _decide(asked: Asked, order_id: str, identity: Identity, ports: Ports) -> Answer | Refusal:
    """One read says who may and what stands; the condition of the one write, whether that still holds."""

    def once() -> Stored | Refusal:
        found = _find(order_id, identity, ports)
        if isinstance(found, Refusal):
            return found
        if identity.role is not asked.by:
            return Forbidden(asked.action, identity.role)
        after = asked.of(found.order)
        if isinstance(after, Refusal):
            return after
        # The same was decided before: nothing is written, and no second read is needed. The workflow stores its token
        # only while there is no such outcome, so whichever it has stored was there when the outcome was read.
        return found if after == found.order else ports.orders.save(found.order, after)

    stored = without_conflict(order_id, once)
    return stored if isinstance(stored, Refusal) else _wake_up(stored, asked, ports)


def _wake_up(stored: Stored, asked: Asked, ports: Ports) -> Answer:
    """Also when the same was decided before: its callback may have been lost."""
    # as it is after the write: the workflow may have stored it between our read and that
    token = stored.waiting_token(asked.wait)
    # Without a token the workflow has not begun to wait: it will find the decision on the order item.
    if token:
        try:
            ports.workflow.resume(token, {asked.wait: asked.outcome})
        except CallbackLost:
            return Answer(stored.order, callback_lost=True)
    return Answer(stored.order)
