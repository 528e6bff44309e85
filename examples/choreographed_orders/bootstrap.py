"""The composition root: orders' own adapters, with no workflow behind the port Workflow."""

import os
from functools import cache, cached_property
from typing import TYPE_CHECKING

from contexts.orders.bootstrap import Production
from contexts.orders.settings import Settings

if TYPE_CHECKING:
    from contexts.orders.application.ports import Orders, Workflow


class Choreographed(Production):
    """Implements application.ports.Ports, as Production does."""

    @cached_property
    def orders(self) -> "Orders":
        from contexts.orders.adapters.clients import client
        from contexts.orders.adapters.dynamodb_orders import DynamoDBOrders
        from contexts.orders.adapters.order_item import StoredItem
        from examples.choreographed_orders.no_workflow import NobodyWaits

        class ItemWithoutTokens(NobodyWaits, StoredItem):
            pass

        settings = self.settings
        return DynamoDBOrders(client("dynamodb"), settings.orders_table, settings.retention, stored=ItemWithoutTokens)

    @cached_property
    def workflow(self) -> "Workflow":
        from examples.choreographed_orders.no_workflow import NoWorkflow

        return NoWorkflow(self)


@cache
def choreographed() -> Choreographed:
    """Return the ports that handlers use: one object per process."""
    return Choreographed(Settings(os.environ))
