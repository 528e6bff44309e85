"""Close order: brings an order to its end whose execution ended from outside (stopped, timed out, failed)."""

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from contexts.orders.bootstrap import production
from contexts.orders.closing import close
from contexts.orders.messages import for_each_message


def _close(record: SQSRecord) -> None:
    execution = record.json_body["detail"]
    tries = int(record.attributes.approximate_receive_count)
    close(execution["durableExecutionName"], production(), ended=execution["status"], tries=tries)


handler = for_each_message(_close)
