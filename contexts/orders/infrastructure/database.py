"""The table of orders."""

from aws_cdk import aws_iam as iam
from constructs import Construct

from shared.infrastructure.context_table import ContextTable, text
from shared.infrastructure.deployment import Deployment

LISTED_BY = ("customer", "restaurant")


class OrdersTable(ContextTable):
    """One item per order, listed by customer and by restaurant. Only drafts, whose workflow never began, expire."""

    def __init__(self, scope: Construct, id: str, *, deployment: Deployment) -> None:
        super().__init__(scope, id, name="orders", key="order_id", deployment=deployment, expires=True)
        for role in LISTED_BY:
            self.add_global_secondary_index(
                index_name=f"by_{role}", partition_key=text(f"{role}_id"), sort_key=text("received_at")
            )

    def let_list(self, grantee: iam.IGrantable) -> None:
        """By the indexes, and by nothing else."""
        indexes = [f"{self.table_arn}/index/by_{role}" for role in LISTED_BY]
        iam.Grant.add_to_principal(grantee=grantee, actions=["dynamodb:Query"], resource_arns=indexes)
