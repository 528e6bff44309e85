"""How a function answers CloudFormation, which waits for that, up to an hour, at a URL that it has sent."""

import json
from urllib.request import Request, urlopen

from aws_lambda_powertools.utilities.data_classes import CloudFormationCustomResourceEvent

TIMEOUT_SECONDS = 10


def answer(event: CloudFormationCustomResourceEvent, problem: str = "") -> None:
    """That it was done, or what the problem was. There is one resource, so a change of it makes no other."""
    said = {
        "Status": "FAILED" if problem else "SUCCESS",
        "Reason": problem,
        "PhysicalResourceId": event.logical_resource_id,
        "StackId": event.stack_id,
        "RequestId": event.request_id,
        "LogicalResourceId": event.logical_resource_id,
    }
    # No type of content: CloudFormation has signed the URL without one.
    request = Request(event.response_url, json.dumps(said).encode(), {"Content-Type": ""}, method="PUT")  # noqa: S310
    urlopen(request, timeout=TIMEOUT_SECONDS).close()  # noqa: S310 - the URL is CloudFormation's
