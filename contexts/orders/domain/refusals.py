r"""Refusals: requests that are not granted, as values whose text gives the reason.

A refusal is an answer and no exception, because people ask for such things every day.
Refusal
├── UnknownOrder        no such order, or not for this person to see
├── Forbidden           visible, but not for this role to do
├── NotPlacedYet        a draft whose workflow has not begun: try again
├── OrderNotWaiting     decided already, or closed: carries the order as it stands
├── KeyReused           the same idempotency key with another body
├── NoVerifiedAddress   the customer has no e-mail address that mail may be sent to
└── TooManyOrders       placed too fast after one another: says when to try again
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contexts.orders.domain.order import Order


class Refusal:
    """The base class of refusals, by which callers tell one from a granted answer."""


@dataclass(frozen=True)
class UnknownOrder(Refusal):
    order_id: str

    def __str__(self) -> str:
        return f"no order {self.order_id}"


@dataclass(frozen=True)
class Forbidden(Refusal):
    action: str
    role: str

    def __str__(self) -> str:
        return f"the role {self.role} may not {self.action}"


@dataclass(frozen=True)
class NotPlacedYet(Refusal):
    order_id: str

    def __str__(self) -> str:
        return f"order {self.order_id} is being placed, try again in a moment"


@dataclass(frozen=True)
class OrderNotWaiting(Refusal):
    """The order waits for no such decision. `order` is the order as it stands, so the caller is told why."""

    order: "Order"
    wanted: str

    def __str__(self) -> str:
        stands = self.order.completion or self.order.decision
        if stands or not self.order.is_open:
            return f"the order can't be {self.wanted} any more: it is {stands or self.order.status}"
        return f"the order can't be {self.wanted} yet: it is {self.order.status}"


@dataclass(frozen=True)
class KeyReused(Refusal):
    def __str__(self) -> str:
        return "this Idempotency-Key was used for an order with another body"


@dataclass(frozen=True)
class NoVerifiedAddress(Refusal):
    why: str

    def __str__(self) -> str:
        return f"to order, a token needs an address that its issuer has verified (email, email_verified): {self.why}"


@dataclass(frozen=True)
class TooManyOrders(Refusal):
    wait: timedelta

    @property
    def seconds(self) -> int:
        return -(-self.wait // timedelta(seconds=1))  # rounded up to a whole second

    def __str__(self) -> str:
        return f"too many orders in a short time: try again in {self.seconds} s"
