"""Commands: the things that customers and restaurants ask for by the API.

A command records the decision on the order item and wakes the workflow up; the workflow acts on it. Granting and
refusing are both answers, so a Refusal is returned; exceptions are for technical failures.
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
    """The order with the decision recorded.

    `callback_lost` is true if the workflow could not be woken up: it notices the decision at its next timeout.
    """

    order: Order
    callback_lost: bool = False


@dataclass(frozen=True)
class Asked:
    """A decision that one role may make about an order: the action's name, that role, the outcome and its reason."""

    action: str
    by: Role
    outcome: Decision | Completion
    reason: str = ""

    @property
    def wait(self) -> Wait:
        return Wait.DECISION if isinstance(self.outcome, Decision) else Wait.COMPLETION

    def of(self, order: Order) -> Order | Refusal:
        """Return the order with this decision made, or a Refusal if the order is not waiting for it."""
        return order.decide(self.outcome, reason=self.reason) if isinstance(self.outcome, Decision) else order.deliver()


def submit_order(draft: Order, ports: Ports, *, fingerprint: str) -> Order | Refusal:
    """Store the draft of an order and start its workflow.

    `fingerprint` identifies the request: the same request again has the same effect and the same answer, so that a
    client may retry safely. Returns KeyReused if another request has this id already, TooManyOrders if the customer's
    allowance is used up. Raises Conflict if storage kept changing.
    """
    wait = ports.allowances.take(draft.customer.customer_id, draft.received_at)
    if wait and not ports.orders.find(draft.order_id):  # a repeated request places nothing
        return TooManyOrders(wait)
    stored = ports.orders.add(draft, fingerprint)
    if stored.fingerprint != fingerprint:
        return KeyReused()
    ports.workflow.start(draft.order_id)
    return stored.order


def view_order(order_id: str, identity: Identity, ports: Ports) -> Order | Refusal:
    """Return the order to its customer or its restaurant, and UnknownOrder to anyone else."""
    found = _find(order_id, identity, ports)
    return found if isinstance(found, Refusal) else found.order


def list_orders(identity: Identity, ports: Ports, *, status: Status | None, limit: int, after: Position | None) -> Page:
    """Return a page of the caller's own orders, newest first.

    `limit` is the most orders on the page. `after` is a position in the caller's list: whoever's page it was copied
    from, it shows no other owner's orders. A restaurant does not see drafts.
    """
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
    """Return an order to its customer or its restaurant.

    To everyone else it is UnknownOrder, like an order that does not exist, so that nobody can probe for ids.
    """
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
    """Record a decision about an order, then wake the workflow up.

    A single read says who may decide and which decision stands; the conditional write fails with a Conflict if that has
    changed meanwhile, and then everything is read and judged again (optimistic locking).
    """

    def once() -> Stored | Refusal:
        found = _find(order_id, identity, ports)
        if isinstance(found, Refusal):
            return found
        if identity.role is not asked.by:
            return Forbidden(asked.action, identity.role)
        after = asked.of(found.order)
        if isinstance(after, Refusal):
            return after
        # The same decision was recorded before, so nothing is written. No second read is needed for the token: the
        # workflow stores one only while there is no outcome, so it was there already when this outcome was read.
        return found if after == found.order else ports.orders.save(found.order, after)

    stored = without_conflict(order_id, once)
    return stored if isinstance(stored, Refusal) else _wake_up(stored, asked, ports)


def _wake_up(stored: Stored, asked: Asked, ports: Ports) -> Answer:
    """Send the outcome to the workflow if it waits for it.

    Repeated for a decision that was recorded before, because the first callback may have been lost.
    """
    # taken from the item after the write, because the workflow may have stored its token since our read
    token = stored.waiting_token(asked.wait)
    # No token means that the workflow has not begun to wait: it will then find the decision on the order item.
    if token:
        try:
            ports.workflow.resume(token, {asked.wait: asked.outcome})
        except CallbackLost:
            return Answer(stored.order, callback_lost=True)
    return Answer(stored.order)
