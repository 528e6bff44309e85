r"""Faults: things that must not happen, as exceptions.

A request that is refused is no fault: refusals.py has those.
OrdersError
├── InvalidMoney        amounts that can't be added, or are no money
├── OrderNotFound       a step of the workflow names an order that is not there
└── IllegalTransition   a step that the order's status does not allow
"""


class OrdersError(Exception):
    """The root of the faults of this context."""


class InvalidMoney(OrdersError):
    pass


class OrderNotFound(OrdersError):
    def __init__(self, order_id: str) -> None:
        super().__init__(f"no order {order_id}")


class IllegalTransition(OrdersError):
    def __init__(self, order_id: str, status: str, step: str) -> None:
        super().__init__(f"order {order_id} is {status}: {step} is not possible")
