"""Close order: brings an order to its end whose execution ended from outside (stopped, timed out, failed)."""

from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from contexts.orders.application.use_cases import close_order
from contexts.orders.bootstrap import production
from contexts.orders.observability import count_status, logger, observed


def _close(record: SQSRecord) -> None:
    # the name of an execution is the order's id
    execution = record.json_body["detail"]
    logger().set_correlation_id(execution["name"])
    was_open = production().orders.get(execution["name"]).is_open
    order = close_order(execution["name"], production(), timed_out=execution["status"] == "TIMED_OUT")
    if was_open:
        count_status(order)
    logger().info("close_order done", extra={"execution": execution["status"], "status": order.status})


def _handle(event: dict[str, Any], context: Any) -> PartialItemFailureResponse:
    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    return process_partial_response(event=event, record_handler=_close, processor=processor, context=context)


handler = observed(_handle)
