"""Issues a voucher for each completed order of a batch. Messages that fail are delivered again, each alone."""

import logging
from typing import Any, cast

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from contexts.promotions import bootstrap
from contexts.promotions.application.issue_voucher import issue_voucher
from contexts.promotions.consumed_events import OrderCompleted
from contexts.promotions.observability import count, logger

bootstrap.ready("policy", "orders", "codes", "claims", "mail", "clock")


def _issue(record: SQSRecord) -> None:
    log = logger()
    log.append_keys(correlation_id=None, message_id=record.message_id)
    event = OrderCompleted.model_validate_json(record.body)
    order = event.order()
    log.set_correlation_id(order.order_id)
    outcome = issue_voucher(order, event.recipient(), bootstrap.production())
    count(outcome)
    log.info("Voucher of a completed order", outcome=outcome)


def handler(event: dict[str, Any], context: Any) -> PartialItemFailureResponse:
    log = logger()
    log.append_keys(function_request_id=context.aws_request_id)
    # A batch in which every message fails is reported like any other, because an exception would cost a warm function.
    processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False, logger=cast(logging.Logger, log))
    return process_partial_response(event=event, record_handler=_issue, processor=processor, context=context)
