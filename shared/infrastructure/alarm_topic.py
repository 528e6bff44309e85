"""Where a context's alarms go: whoever is on duty subscribes to it."""

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from shared.infrastructure.deployment import Deployment
from shared.infrastructure.interface import as_interface


class AlarmTopic(sns.Topic):
    """The topic `takeaway-<stage>-<context>-alarms`, to which the alarms of this account may publish.

    In production it is encrypted with a key of its own: CloudWatch can't use the one that AWS keeps for SNS. With the
    deployment's `alarm_email` its messages go there; SNS asks that address first.
    """

    def __init__(self, scope: Construct, id: str, *, deployment: Deployment, context: str) -> None:
        super().__init__(
            scope,
            id,
            topic_name=f"{deployment.prefix}-{context}-alarms",
            enforce_ssl=True,
            master_key=as_interface(_key(scope, context)) if deployment.is_production else None,
        )
        # A topic with a policy has no default one: without this its alarms would be silent.
        self.add_to_resource_policy(_alarms_may(scope, "sns:Publish", resource=self.topic_arn, sid="Alarms"))
        if deployment.alarm_email:
            self.add_subscription(as_interface(subscriptions.EmailSubscription(deployment.alarm_email)))


def _key(scope: Construct, context: str) -> kms.Key:
    key = kms.Key(
        scope,
        "Key",
        description=f"Alarms of {context}",
        enable_key_rotation=True,
        removal_policy=RemovalPolicy.DESTROY,  # messages pass by, none is kept
    )
    key.add_to_resource_policy(_alarms_may(scope, "kms:Decrypt", "kms:GenerateDataKey*", resource="*", sid="Alarms"))
    return key


def _alarms_may(scope: Construct, *actions: str, resource: str, sid: str) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        sid=sid,
        principals=[as_interface(iam.ServicePrincipal("cloudwatch.amazonaws.com"))],
        actions=list(actions),
        resources=[resource],
        conditions={"StringEquals": {"aws:SourceAccount": Stack.of(scope).account}},
    )
