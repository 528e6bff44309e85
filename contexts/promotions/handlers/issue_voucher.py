"""Issues a voucher for each completed order of a batch; what fails is delivered again, alone."""

import logging
from typing import cast

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from contexts.promotions import bootstrap, observability
from contexts.promotions.consumed_events import OrderCompleted

logger = Logger(service="promotions")
# A batch that fails whole is reported like any other: an exception would only cost a warm function.
processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False, logger=cast(logging.Logger, logger))


def issue_voucher(record: SQSRecord) -> None:
    logger.append_keys(correlation_id=None, message_id=record.message_id)
    event = OrderCompleted.model_validate_json(record.body)
    order = event.order()
    logger.set_correlation_id(order.order_id)
    outcome = bootstrap.issue_voucher()(order, event.recipient())
    observability.count(outcome)
    logger.info("Voucher of a completed order", outcome=outcome)


@logger.inject_lambda_context
def handler(event: dict[str, object], context: LambdaContext) -> PartialItemFailureResponse:
    return process_partial_response(event=event, record_handler=issue_voucher, processor=processor, context=context)
