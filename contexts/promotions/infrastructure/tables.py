"""The tables of promotions: what each completed order has earned, and how many orders each customer has completed."""

from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from constructs import Construct

from shared.infrastructure.deployment import Deployment


class PromotionsTable(dynamodb.Table):
    """A table that can be restored, and that outlives its stack in production."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        deployment: Deployment,
        name: str,
        key: str,
        time_to_live_attribute: str | None = None,
    ) -> None:
        super().__init__(
            scope,
            id,
            table_name=f"{deployment.prefix}-{name}",
            partition_key=_text(key),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            time_to_live_attribute=time_to_live_attribute,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            deletion_protection=deployment.is_production,
            removal_policy=deployment.removal_policy,
        )

    def let(self, function: iam.IGrantable, *actions: str) -> None:
        """On the table itself; `grant` would add its indexes, which no function here reads."""
        iam.Grant.add_to_principal(grantee=function, actions=list(actions), resource_arns=[self.table_arn])


class VouchersTable(PromotionsTable):
    """One item per completed order, forgotten when its time has come; those with a voucher are listed by customer."""

    def __init__(self, scope: Construct, id: str, *, deployment: Deployment) -> None:
        super().__init__(
            scope, id, deployment=deployment, name="vouchers", key="order_id", time_to_live_attribute="expires_at"
        )
        # Only vouchers have an issued_at, so orders that earned none are not in the index.
        self.add_global_secondary_index(
            index_name="by_customer", partition_key=_text("customer_id"), sort_key=_text("issued_at")
        )


class LoyaltyTable(PromotionsTable):
    """One counter per customer. It never expires: a customer who comes back after a year goes on where they stopped."""

    def __init__(self, scope: Construct, id: str, *, deployment: Deployment) -> None:
        super().__init__(scope, id, deployment=deployment, name="promotions-loyalty", key="customer_id")


def _text(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)
