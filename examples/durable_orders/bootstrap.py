"""The composition root: orders' own adapters, and behind the port Workflow durable executions of a function."""

import os
from datetime import timedelta
from functools import cache, cached_property
from typing import TYPE_CHECKING

from contexts.orders.adapters.clients import client
from contexts.orders.application.ports import Wait
from contexts.orders.bootstrap import Production
from contexts.orders.settings import Settings, Variable
from examples.durable_orders.adapters.durable_workflow import DurableWorkflow
from examples.durable_orders.adapters.stored_callbacks import StoredCallbacks

if TYPE_CHECKING:
    from contexts.orders.application.ports import Executions, Workflow
    from examples.durable_orders.steps import Callbacks


class DurableSettings(Settings):
    process_function_arn = Variable("PROCESS_FUNCTION_ARN")  # with the alias by which it is invoked
    delivery_timeout = Variable("DELIVERY_TIMEOUT_SECONDS")
    most_retries = Variable("MOST_RETRIES")

    @property
    def timeouts(self) -> dict[Wait, int]:
        return {Wait.DECISION: self.accept_timeout_seconds, Wait.COMPLETION: int(self.delivery_timeout)}


class Durable(Production):
    """Implements application.ports.Ports, as Production does."""

    settings: DurableSettings

    @cached_property
    def workflow(self) -> "Workflow":
        return DurableWorkflow(client("lambda"), self.settings.process_function_arn)

    @cached_property
    def callbacks(self) -> "Callbacks":
        return StoredCallbacks(client("dynamodb"), self.settings.orders_table)

    @cached_property
    def executions(self) -> "Executions":
        from examples.durable_orders.adapters.executions import DurableExecutions

        settings = self.settings
        return DurableExecutions(
            client("lambda"),
            settings.process_function_arn,
            client("sqs"),
            settings.closing_queue_url,
            lasts_at_most=timedelta(seconds=settings.order_timeout_seconds),
        )


@cache
def durable() -> Durable:
    """The one that the handlers use."""
    return Durable(DurableSettings(os.environ))
