"""A scenario that uses every permission of the console's function: it records one event."""

import json

from shared import schema_tools
from takeaway.run.client.system import System
from tests.system.iam.calls import Call, sqs_batch


def record_activity(_system: System, call: Call) -> None:
    assert call(sqs_batch(json.dumps(schema_tools.example("order_placed")))) == {"batchItemFailures": []}


LANES = [{"console-record-activity": record_activity}]
