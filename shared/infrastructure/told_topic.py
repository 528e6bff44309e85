"""A topic to which a service of AWS publishes, and people subscribe."""

from collections.abc import Mapping

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from shared.infrastructure.deployment import Deployment
from shared.infrastructure.interface import as_interface


class ToldTopic(sns.Topic):
    """The topic `takeaway-<stage>-<name>`, to which one service may publish for this account.

    In production it is encrypted with a key of its own, because services of AWS can't use the key that AWS keeps for
    SNS. `sid` names the policy's statements; `conditions` narrow who may publish. `key_for_account=False` lets the
    service use the key without naming its account, which not every service tells KMS.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        deployment: Deployment,
        name: str,
        service: str,
        about: str,
        sid: str,
        conditions: Mapping[str, str] | None = None,
        key_for_account: bool = True,
    ) -> None:
        self._service, self._sid = service, sid
        account = {"aws:SourceAccount": Stack.of(scope).account}
        super().__init__(
            scope,
            id,
            topic_name=f"{deployment.prefix}-{name}",
            enforce_ssl=True,
            master_key=as_interface(self._key(scope, about, account if key_for_account else {}))
            if deployment.is_production
            else None,
        )
        # A policy replaces the default one, so without this statement the service would be refused.
        self.add_to_resource_policy(
            self._may("sns:Publish", resource=self.topic_arn, conditions={**account, **(conditions or {})})
        )

    def _key(self, scope: Construct, about: str, conditions: Mapping[str, str]) -> kms.Key:
        key = kms.Key(
            scope,
            "Key",
            description=about,
            enable_key_rotation=True,
            removal_policy=RemovalPolicy.DESTROY,  # no message is stored, so none becomes unreadable
        )
        key.add_to_resource_policy(
            self._may("kms:Decrypt", "kms:GenerateDataKey*", resource="*", conditions=conditions)
        )
        return key

    def _may(self, *actions: str, resource: str, conditions: Mapping[str, str]) -> iam.PolicyStatement:
        return iam.PolicyStatement(
            sid=self._sid,
            principals=[as_interface(iam.ServicePrincipal(self._service))],
            actions=list(actions),
            resources=[resource],
            conditions={"StringEquals": dict(conditions)} if conditions else None,
        )
