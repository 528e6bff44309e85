"""Those between whom an order is: a customer who has not ordered before, and the restaurant."""

from dataclasses import dataclass, field
from uuid import uuid4

from takeaway.client.system import System

RESTAURANT = "trattoria-roma"


@dataclass(frozen=True)
class People:
    system: System
    customer_id: str = field(default_factory=lambda: f"customer-{uuid4().hex[:12]}")

    def place(self) -> str:
        """The order's id. Raises Refused."""
        order = {
            "restaurant_id": RESTAURANT,
            "customer": {"name": "Ada", "email": f"{self.customer_id}@example.com"},
            "items": [{"name": "Margherita", "quantity": 2, "unit_price": {"amount": 950, "currency": "EUR"}}],
            "delivery_address": "Via Roma 1",
            "note": "",
        }
        token = self.system.tokens.customer(self.customer_id)
        return self.system.api.place(order, token=token, idempotency_key=str(uuid4()))

    def accept(self, order_id: str) -> None:
        self.system.api.accept(order_id, token=self.system.tokens.restaurant(RESTAURANT))

    def deliver(self, order_id: str) -> None:
        self.system.api.complete(order_id, token=self.system.tokens.restaurant(RESTAURANT))
