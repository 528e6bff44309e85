"""Close order: brings an order to its end whose execution ended from outside (stopped, timed out, failed)."""

import logging
from typing import Any, cast

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from contexts.orders.bootstrap import production
from contexts.orders.closing import close
from contexts.orders.observability import logger


def _close(record: SQSRecord) -> None:
    execution = record.json_body["detail"]
    tries = int(record.attributes.approximate_receive_count)
    close(execution["name"], production(), ended=execution["status"], tries=tries)  # named by its order


def handler(event: dict[str, Any], context: Any) -> PartialItemFailureResponse:
    log = logger()
    log.append_keys(function_request_id=context.aws_request_id)
    processor = BatchProcessor(
        event_type=EventType.SQS, raise_on_entire_batch_failure=False, logger=cast(logging.Logger, log)
    )
    return process_partial_response(event=event, record_handler=_close, processor=processor, context=context)
