"""The handler of all functions behind the bus: read an event, do the step, log one line."""

from collections.abc import Callable

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from contexts.orders.application.ports import Ports
from contexts.orders.domain.lifecycle import ChangeType
from contexts.orders.domain.order import Order
from contexts.orders.messages import Handler, for_each_message
from contexts.orders.observability import logger
from examples.choreographed_orders.bootstrap import choreographed

Reaction = Callable[[ChangeType, str, Ports], Order]


def reaction(react: Reaction) -> Handler:
    """Make a Lambda handler for events from a queue.

    An event that fails is delivered again, and goes to the dead-letter queue in the end.
    """

    def on(record: SQSRecord) -> None:
        event = record.json_body
        metadata, data = event["detail"]["metadata"], event["detail"]["data"]
        log = logger()
        log.set_correlation_id(metadata["correlation_id"])
        order = react(ChangeType(event["detail-type"]), data["order_id"], choreographed())
        log.info(f"{react.__name__} done", extra={"status": order.status, "causation_id": metadata["event_id"]})

    return for_each_message(on)
