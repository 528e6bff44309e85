"""Outside production nothing of a stack stays behind: its lake is emptied, or the bucket could not be deleted."""

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
    """Not the CDK's `auto_delete_objects`: its function needs node, which the embedded engine's functions have not."""
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
        function.node.add_dependency(emptying)  # so they are gone before it is emptied, and write nothing after
