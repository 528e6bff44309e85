"""The systems that can be deployed. They differ in how orders are wired, and so in whose stack stands for it."""

from enum import StrEnum


class Wiring(StrEnum):
    HYBRID = "hybrid"  # orchestrates within, choreographs between: the default
    DURABLE = "durable"  # the same, its workflow a durable function
    CHOREOGRAPHED = "choreographed"
    ORCHESTRATED = "orchestrated"

    @property
    def orders(self) -> str:
        """The folder, within the repository, that has the app of orders."""
        return ORDERS[self]


ORDERS = {
    Wiring.HYBRID: "contexts/orders",
    Wiring.DURABLE: "examples/durable_orders",
    Wiring.CHOREOGRAPHED: "examples/choreographed_orders",
    Wiring.ORCHESTRATED: "examples/orchestrated_everything",
}
