"""Process order: the durable function. An execution of it is the life of an order."""

from typing import Any

from aws_durable_execution_sdk_python import DurableContext, durable_execution

from examples.durable_orders.bootstrap import durable
from examples.durable_orders.steps import Steps
from examples.durable_orders.workflow import process


@durable_execution
def handler(event: dict[str, Any], context: DurableContext) -> None:
    ports = durable()
    settings = ports.settings  # of a published version, so that they are the same whenever it is replayed
    process(Steps(context, event["order_id"], ports.callbacks, settings.timeouts, int(settings.most_retries)))
