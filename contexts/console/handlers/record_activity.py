"""Writes each event and message of a batch into the journal. Messages that fail are delivered again, each alone."""

import logging
from datetime import UTC, datetime
from typing import Any, cast

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from contexts.console import bootstrap
from contexts.console.journal import entry_of
from contexts.console.observability import logger

bootstrap.ready()


def _record(record: SQSRecord) -> None:
    log = logger()
    log.append_keys(correlation_id=None, message_id=record.message_id)
    sent_at = datetime.fromtimestamp(int(record.attributes.sent_timestamp) / 1000, UTC)
    entry = entry_of(record.body, sent_at)
    log.set_correlation_id(entry.order_id)
    is_new = bootstrap.journal().record(entry, datetime.now(UTC))
    log.info("Recorded", entry=entry.name, again=not is_new)


def handler(event: dict[str, Any], context: Any) -> PartialItemFailureResponse:
    log = logger()
    log.append_keys(function_request_id=context.aws_request_id)
    # A batch in which every message fails is reported like any other, because an exception would cost a warm function.
    processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False, logger=cast(logging.Logger, log))
    return process_partial_response(event=event, record_handler=_record, processor=processor, context=context)
