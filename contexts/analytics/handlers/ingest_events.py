"""Writes a batch of events to the lake; what fails is delivered again, alone."""

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes import SQSEvent, event_source
from aws_lambda_powertools.utilities.typing import LambdaContext

from contexts.analytics import bootstrap
from contexts.analytics.ingest import Message, ingest

logger = Logger(service="analytics")


# Powertools' batch processor goes record by record; an object per record would drown the lake in small files.
@logger.inject_lambda_context
@event_source(data_class=SQSEvent)
def handler(event: SQSEvent, _context: LambdaContext) -> PartialItemFailureResponse:
    messages = [Message(record.message_id, record.body) for record in event.records]
    failures = ingest(messages, bootstrap.lake())
    for failure in failures:
        logger.error("Message not stored", message_id=failure.message_id, reason=failure.reason)
    logger.info("Batch ingested", messages=len(messages), stored=len(messages) - len(failures))
    return {"batchItemFailures": [{"itemIdentifier": failure.message_id} for failure in failures]}
