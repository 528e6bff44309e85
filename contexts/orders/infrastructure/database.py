"""The table of orders."""

from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from constructs import Construct

from shared.infrastructure.deployment import Deployment

LISTED_BY = ("customer", "restaurant")


class OrdersTable(dynamodb.Table):
    """One item per order, listed by customer and by restaurant. Only drafts, whose workflow never began, expire."""

    def __init__(self, scope: Construct, id: str, *, deployment: Deployment) -> None:
        super().__init__(
            scope,
            id,
            table_name=f"{deployment.prefix}-orders",
            partition_key=dynamodb.Attribute(name="order_id", type=dynamodb.AttributeType.STRING),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            time_to_live_attribute="expires_at",
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            deletion_protection=deployment.is_production,
            removal_policy=deployment.removal_policy,
        )
        for role in LISTED_BY:
            self.add_global_secondary_index(
                index_name=f"by_{role}",
                partition_key=dynamodb.Attribute(name=f"{role}_id", type=dynamodb.AttributeType.STRING),
                sort_key=dynamodb.Attribute(name="received_at", type=dynamodb.AttributeType.STRING),
            )

    def let(self, grantee: iam.IGrantable, *actions: str) -> None:
        """On the table itself; `grant` would add its indexes."""
        iam.Grant.add_to_principal(grantee=grantee, actions=list(actions), resource_arns=[self.table_arn])

    def let_list(self, grantee: iam.IGrantable) -> None:
        """By the indexes, and by nothing else."""
        indexes = [f"{self.table_arn}/index/by_{role}" for role in LISTED_BY]
        iam.Grant.add_to_principal(grantee=grantee, actions=["dynamodb:Query"], resource_arns=indexes)
