"""The stack of analytics: a lake, a function that writes to it, a subscription that feeds it."""

from typing import Any

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from contexts.analytics.infrastructure import subscriptions
from shared.infrastructure.context_function import ContextFunction
from shared.infrastructure.deployment import Deployment


class AnalyticsStack(Stack):
    """Knows the bus by its name, and of the rest of the system nothing."""

    def __init__(self, scope: Construct, id: str, *, deployment: Deployment, bus_name: str, **kwargs: Any) -> None:
        super().__init__(scope, id, **kwargs)
        lake = s3.Bucket(
            self,
            "Lake",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            # Nothing empties it on the way out: whoever deletes the stack of a full lake decides that by hand.
            removal_policy=deployment.removal_policy,
        )
        ingest_events = ContextFunction(
            self,
            "IngestEvents",
            deployment=deployment,
            context="analytics",
            handler="ingest_events",
            environment={"LAKE_BUCKET": lake.bucket_name},
            timeout_seconds=30,
        )
        ingest_events.add_to_role_policy(
            iam.PolicyStatement(actions=["s3:PutObject"], resources=[lake.arn_for_objects("raw/*")])
        )
        subscription = subscriptions.all_events(self, deployment=deployment, bus_name=bus_name, function=ingest_events)
        CfnOutput(self, "LakeBucket", value=lake.bucket_name)
        subscription.add_outputs(self)
