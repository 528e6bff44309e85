"""Lambda handlers behind SQS queues: each message is handled alone, and only the failed ones are delivered again."""

import logging
from collections.abc import Callable
from typing import Any, cast

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from contexts.orders.observability import logger

Handler = Callable[[dict[str, Any], Any], PartialItemFailureResponse]


def for_each_message(work: Callable[[SQSRecord], None]) -> Handler:
    """Make a Lambda handler that answers with a partial batch response.

    A batch in which every message fails is reported like any other, because an exception would cost a warm function.
    """

    def handler(event: dict[str, Any], context: Any) -> PartialItemFailureResponse:
        log = logger()
        log.append_keys(function_request_id=context.aws_request_id)
        processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False, logger=cast(logging.Logger, log))
        return process_partial_response(event=event, record_handler=work, processor=processor, context=context)

    return handler
