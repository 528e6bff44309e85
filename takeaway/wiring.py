"""The wirings of orders that can be deployed; each has another stack for orders."""

from enum import StrEnum


class Wiring(StrEnum):
    HYBRID = "hybrid"  # orchestrates within, choreographs between: the default
    DURABLE = "durable"  # the same, its workflow a durable function
    CHOREOGRAPHED = "choreographed"
    ORCHESTRATED = "orchestrated"

    @property
    def orders(self) -> str:
        """The folder in the repository that has the CDK app of orders in this wiring."""
        return ORDERS[self]


ORDERS = {
    Wiring.HYBRID: "contexts/orders",
    Wiring.DURABLE: "examples/durable_orders",
    Wiring.CHOREOGRAPHED: "examples/choreographed_orders",
    Wiring.ORCHESTRATED: "examples/orchestrated_everything",
}
