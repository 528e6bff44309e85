"""The four systems: each has another stack for orders. Everything else is the same in all of them."""

from contexts.orders.infrastructure import app as hybrid
from examples.choreographed_orders.infrastructure import app as choreographed
from examples.durable_orders.infrastructure import app as durable
from examples.orchestrated_everything.infrastructure import app as orchestrated
from shared.infrastructure.context_app import ContextApp
from shared.infrastructure.deployment import Get, one_of

SYSTEMS: dict[str, ContextApp] = {
    "hybrid": hybrid.CONTEXT,
    "durable": durable.CONTEXT,
    "choreographed": choreographed.CONTEXT,
    "orchestrated": orchestrated.CONTEXT,
}


def orders_of(get: Get) -> ContextApp:
    """Return the app of orders that the deployment's parameter `system` names. Raises InvalidParameter."""
    return SYSTEMS[one_of(get, "system", tuple(SYSTEMS), "hybrid")]
