"""A table of a context on the paved road: paid by the request, and in production safe from loss and deletion."""

from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from constructs import Construct

from shared.infrastructure.deployment import Deployment


class ContextTable(dynamodb.Table):
    """The table `takeaway-<stage>-<name>`. It can be restored, and outlives its stack in production.

    `expires` is for a table whose items have an `expires_at`; `restorable=False` is for one that can be filled again
    from elsewhere.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        key: str,
        deployment: Deployment,
        sort_key: str | None = None,
        expires: bool = False,
        restorable: bool = True,
    ) -> None:
        super().__init__(
            scope,
            id,
            table_name=f"{deployment.prefix}-{name}",
            partition_key=text(key),
            sort_key=text(sort_key) if sort_key else None,
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            time_to_live_attribute="expires_at" if expires else None,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            )
            if restorable
            else None,
            deletion_protection=deployment.is_production if restorable else None,
            removal_policy=deployment.removal_policy,
        )

    def let(self, grantee: iam.IGrantable, *actions: str) -> None:
        """Allow actions on the table itself; the CDK's `grant` would allow them on its indexes too."""
        iam.Grant.add_to_principal(grantee=grantee, actions=list(actions), resource_arns=[self.table_arn])


def text(name: str) -> dynamodb.Attribute:
    """Return a key attribute of type string."""
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)
