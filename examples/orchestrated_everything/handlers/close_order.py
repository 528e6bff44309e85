"""Close order: as in orders, but no neighbour hears of it, because no workflow runs any more that could tell them."""

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from contexts.orders.closing import close
from contexts.orders.messages import for_each_message
from contexts.orders.observability import logger
from examples.orchestrated_everything.bootstrap import orchestrated


def _close(record: SQSRecord) -> None:
    execution, ports = record.json_body["detail"], orchestrated()
    order_id, tries = execution["name"], int(record.attributes.approximate_receive_count)  # its order's id
    was_open = ports.orders.get(order_id).is_open
    close(order_id, ports, ended=execution["status"], tries=tries)
    untold = [event.type for event in ports.events.take()]
    if was_open:
        logger().warning("no neighbour is told", extra={"events": untold})


handler = for_each_message(_close)
