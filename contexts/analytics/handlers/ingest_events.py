"""Writes a batch of events to the lake. Messages that could not be written are delivered again, each alone."""

from datetime import UTC, datetime

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes import SQSEvent, event_source
from aws_lambda_powertools.utilities.typing import LambdaContext

from contexts.analytics import bootstrap
from contexts.analytics.ingest import Message, ingest
from contexts.analytics.observability import count, logger

bootstrap.ready()


# Not by Powertools' batch processor, which goes record by record: an object per record makes too many small files.
@event_source(data_class=SQSEvent)
def handler(event: SQSEvent, context: LambdaContext) -> PartialItemFailureResponse:
    logger().append_keys(function_request_id=context.aws_request_id)
    messages = [Message(record.message_id, record.body) for record in event.records]
    done = ingest(messages, bootstrap.lake())
    for what, troubles in (("not stored", done.failed), ("in quarantine", done.quarantined)):
        for trouble in troubles:
            logger().error(f"Message {what}", message_id=trouble.message_id, reason=trouble.reason)
    count(done.stored, quarantined=len(done.quarantined), now=datetime.now(UTC))
    logger().info("Batch ingested", messages=len(messages), stored=len(messages) - len(done.failed))
    return {"batchItemFailures": [{"itemIdentifier": trouble.message_id} for trouble in done.failed]}
