"""The orders that people place in the rehearsal, and the calls of the API that they can make."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from contexts.orders.api.models import OrderBody
from contexts.orders.domain.lifecycle import Decision
from contexts.orders.domain.order import Customer, Order
from contexts.orders.domain.refusals import Refusal
from contexts.orders.rehearsal.ports import ANY_TIME

CALLS: dict[str, Callable[[Order], Order | Refusal]] = {
    "accept": lambda order: order.decide(Decision.ACCEPTED),
    "reject": lambda order: order.decide(Decision.REJECTED, reason="Kitchen is closing"),
    "cancel": lambda order: order.decide(Decision.CANCELLED),
    "complete": lambda order: order.deliver(),
}
CUSTOMER = Customer("customer", "Customer", "customer@example.com")
USUAL: dict[str, Any] = {
    "restaurant_id": "restaurant",
    "items": [{"name": "Dish", "quantity": 1, "unit_price": {"amount": 100, "currency": "EUR"}}],
    "delivery_address": "Address",
}


def draft(special: Mapping[str, Any] | None = None) -> Order:
    """Make the draft with which the workflow begins; `special` replaces fields of the usual body."""
    body = OrderBody.model_validate({**USUAL, **(special or {})})
    return body.draft(customer=CUSTOMER, idempotency_key="rehearsal", received_at=ANY_TIME)


def possible(order: Order) -> Iterator[tuple[str, Order]]:
    """Yield each call that would be granted now, with the order after it."""
    for call, act in CALLS.items():
        after = act(order)
        if isinstance(after, Order):
            yield call, after
