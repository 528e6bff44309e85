"""Whom the workflow calls. These names are other teams' to change, and nothing tells them that they are used here."""

from aws_cdk import ArnFormat, Stack

from shared.infrastructure.deployment import Deployment

# placeholder in everything.asl.json -> the function's name behind the stage
FUNCTIONS = {
    "promotions_issue_voucher": "promotions-issue-voucher",
    "analytics_ingest_events": "analytics-ingest-events",
}


def function_arns(stack: Stack, deployment: Deployment) -> dict[str, str]:
    """By placeholder. Whether there is such a function will be known when the workflow calls it."""
    return {
        placeholder: stack.format_arn(
            service="lambda", resource=f"function:{deployment.prefix}-{name}", arn_format=ArnFormat.NO_RESOURCE_NAME
        )
        for placeholder, name in FUNCTIONS.items()
    }
