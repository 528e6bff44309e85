"""Writes each event and message of a batch into the journal; what fails is delivered again, alone."""

import logging
from datetime import UTC, datetime
from typing import cast

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from contexts.console.journal import entry_of
from contexts.console.table import journal_table

logger = Logger(service="console")
processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False, logger=cast(logging.Logger, logger))


def record_activity(record: SQSRecord) -> None:
    logger.append_keys(correlation_id=None, message_id=record.message_id)
    sent_at = datetime.fromtimestamp(int(record.attributes.sent_timestamp) / 1000, UTC)
    entry = entry_of(record.body, sent_at)
    logger.set_correlation_id(entry.order_id)
    is_new = journal_table().record(entry, datetime.now(UTC))
    logger.info("Recorded", entry=entry.name, again=not is_new)


@logger.inject_lambda_context
def handler(event: dict[str, object], context: LambdaContext) -> PartialItemFailureResponse:
    return process_partial_response(event=event, record_handler=record_activity, processor=processor, context=context)
