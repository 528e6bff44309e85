"""What orders refuses, as types.

OrdersError
├── InvalidMoney        amounts that can't be added, or are no money
├── OrderNotFound       no such order, or not for this person to see
├── Forbidden           visible, but not for this role to do
├── NotPlacedYet        a draft whose workflow has not begun: try again
├── OrderNotWaiting     decided already, or closed: carries the order as it stands
├── KeyReused           the same idempotency key with another body
└── IllegalTransition   a step that the order's status does not allow: a fault of the workflow, not of a person
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contexts.orders.domain.order import Order


class OrdersError(Exception):
    """The root of what this context refuses."""


class InvalidMoney(OrdersError):
    pass


class OrderNotFound(OrdersError):
    def __init__(self, order_id: str) -> None:
        super().__init__(f"no order {order_id}")


class Forbidden(OrdersError):
    def __init__(self, action: str, role: str) -> None:
        super().__init__(f"the role {role} may not {action}")


class NotPlacedYet(OrdersError):
    def __init__(self, order_id: str) -> None:
        super().__init__(f"order {order_id} is being placed, try again in a moment")


class OrderNotWaiting(OrdersError):
    """`order` is the order as it stands: whoever comes second is told what was decided."""

    def __init__(self, order: "Order", wanted: str) -> None:
        stands = order.completion or order.decision
        super().__init__(
            f"the order can't be {wanted} any more: it is {stands or order.status}"
            if stands or not order.is_open
            else f"the order can't be {wanted} yet: it is {order.status}"
        )
        self.order = order


class KeyReused(OrdersError):
    def __init__(self) -> None:
        super().__init__("this Idempotency-Key was used for an order with another body")


class IllegalTransition(OrdersError):
    def __init__(self, order_id: str, status: str, step: str) -> None:
        super().__init__(f"order {order_id} is {status}: {step} is not possible")
