"""The neighbours' functions that the workflow calls.

Other teams may rename them, and nothing tells those teams that they are used here.
"""

from aws_cdk import ArnFormat, Stack

from shared.infrastructure.deployment import Deployment

# placeholder in everything.asl.json -> the function's name behind the stage
FUNCTIONS = {
    "promotions_issue_voucher": "promotions-issue-voucher",
    "analytics_ingest_events": "analytics-ingest-events",
}


def function_arns(stack: Stack, deployment: Deployment) -> dict[str, str]:
    """Return the ARN of each function, by its placeholder.

    A function that does not exist is noticed only when the workflow calls it.
    """
    return {
        placeholder: stack.format_arn(
            service="lambda", resource=f"function:{deployment.prefix}-{name}", arn_format=ArnFormat.NO_RESOURCE_NAME
        )
        for placeholder, name in FUNCTIONS.items()
    }
