"""The three systems: which stack stands for orders. Everything else is the same in each, and knows of no difference."""

from collections.abc import Callable
from typing import Any

from aws_cdk import Stack

from contexts.orders.infrastructure.stack import OrdersStack
from examples.choreographed_orders.infrastructure.stack import ChoreographedOrdersStack
from examples.orchestrated_everything.infrastructure.stack import OrchestratedEverythingStack
from shared.infrastructure.deployment import one_of

SYSTEMS: dict[str, type[Stack]] = {
    "hybrid": OrdersStack,
    "choreographed": ChoreographedOrdersStack,
    "orchestrated": OrchestratedEverythingStack,
}


def orders_stack(get: Callable[[str], object]) -> Callable[..., Any]:
    """The stack of orders that the deployment's `system` means. Raises InvalidParameter."""
    return SYSTEMS[one_of(get, "system", tuple(SYSTEMS))]
