"""The answer of a custom resource's function to CloudFormation.

CloudFormation waits for it, up to an hour, at a URL that it has sent.
"""

import json
from urllib.request import Request, urlopen

from aws_lambda_powertools.utilities.data_classes import CloudFormationCustomResourceEvent

TIMEOUT_SECONDS = 10


def answer(event: CloudFormationCustomResourceEvent, problem: str = "") -> None:
    """Tell CloudFormation that the request was carried out, or the `problem`.

    The physical id never changes, because there is one such resource; a change of it replaces nothing.
    """
    said = {
        "Status": "FAILED" if problem else "SUCCESS",
        "Reason": problem,
        "PhysicalResourceId": event.logical_resource_id,
        "StackId": event.stack_id,
        "RequestId": event.request_id,
        "LogicalResourceId": event.logical_resource_id,
    }
    # The content type is empty because CloudFormation has signed the URL without one.
    request = Request(event.response_url, json.dumps(said).encode(), {"Content-Type": ""}, method="PUT")  # noqa: S310
    urlopen(request, timeout=TIMEOUT_SECONDS).close()  # noqa: S310 - the URL is CloudFormation's
