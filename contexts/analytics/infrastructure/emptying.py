"""Empties the lake when its stack is deleted, outside production.

Without it the deletion would fail, because CloudFormation deletes only empty buckets.
"""

from collections.abc import Iterable

from aws_cdk import CustomResource, Duration
from aws_cdk import aws_s3 as s3
from constructs import Construct

from contexts.analytics.infrastructure.functions import LakeFunction
from shared.infrastructure.deployment import Deployment

TIMEOUT_SECONDS = 900


def emptied_with_its_stack(
    scope: Construct, *, deployment: Deployment, lake: s3.Bucket, written_by: Iterable[LakeFunction]
) -> None:
    """Add the function and the custom resource that empty the lake.

    The CDK's `auto_delete_objects` does not fit, because its function needs node, which the functions of the embedded
    engine don't have.
    """
    empty_lake = LakeFunction(
        scope,
        "EmptyLake",
        deployment=deployment,
        handler="empty_lake",
        lake=lake,
        timeout_seconds=TIMEOUT_SECONDS,
        memory_mb=512,
    )
    empty_lake.may_list()
    empty_lake.may("s3:DeleteObject", "")
    emptying = CustomResource(
        scope,
        "Emptying",
        resource_type="Custom::EmptiedWithItsStack",
        service_token=empty_lake.function_arn,
        service_timeout=Duration.seconds(TIMEOUT_SECONDS + 60),
    )
    for function in written_by:
        function.node.add_dependency(emptying)  # deleted before the lake is emptied, so that none writes afterwards
