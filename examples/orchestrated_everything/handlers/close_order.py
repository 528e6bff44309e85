"""Close order: as in orders. But no workflow runs any more that could bring its events to the neighbours."""

import logging
from typing import Any, cast

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from contexts.orders.closing import close
from contexts.orders.observability import logger
from examples.orchestrated_everything.bootstrap import orchestrated


def _close(record: SQSRecord) -> None:
    execution, ports = record.json_body["detail"], orchestrated()
    order_id, tries = execution["name"], int(record.attributes.approximate_receive_count)  # named by its order
    was_open = ports.orders.get(order_id).is_open
    close(order_id, ports, ended=execution["status"], tries=tries)
    untold = [event.type for event in ports.events.take()]
    if was_open:
        logger().warning("no neighbour is told", extra={"events": untold})


def handler(event: dict[str, Any], context: Any) -> PartialItemFailureResponse:
    log = logger()
    log.append_keys(function_request_id=context.aws_request_id)
    processor = BatchProcessor(
        event_type=EventType.SQS, raise_on_entire_batch_failure=False, logger=cast(logging.Logger, log)
    )
    return process_partial_response(event=event, record_handler=_close, processor=processor, context=context)
