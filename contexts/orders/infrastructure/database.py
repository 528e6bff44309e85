"""The table of orders."""

from dataclasses import fields

from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from constructs import Construct

from contexts.orders.domain.order import OrderSummary
from contexts.orders.infrastructure.parameters import OrdersParameters
from shared.infrastructure.context_function import ContextFunction
from shared.infrastructure.context_table import ContextTable, text
from shared.infrastructure.deployment import Deployment
from shared.infrastructure.security_checks import accept

LISTED_BY = ("customer", "restaurant")
KEYS = ("order_id", "received_at")  # of every index, beside its partition's
# what an index has beside its keys: what a list shows, and no more, since each write of it is paid again
LISTED = tuple(each.name for each in fields(OrderSummary) if each.name not in KEYS)


class OrdersTable(ContextTable):
    """One item per order, listed by customer and by restaurant.

    A draft whose workflow never began expires after a day, an order `retention_days` after its end.
    """

    def __init__(self, scope: Construct, id: str, *, deployment: Deployment, retention_days: int) -> None:
        super().__init__(scope, id, name="orders", key="order_id", deployment=deployment, expires=True)
        for role in LISTED_BY:
            # What lists show: the token, the changes and the texts of an order are not written again for each index.
            self.add_global_secondary_index(
                index_name=f"orders_of_{role}",
                partition_key=text(f"{role}_id"),
                sort_key=text("received_at"),
                projection_type=dynamodb.ProjectionType.INCLUDE,
                non_key_attributes=[each for each in LISTED if each != f"{role}_id"],
            )
        self.environment = {"ORDERS_TABLE": self.table_name, "RETENTION_DAYS": str(retention_days)}

    def let_list(self, grantee: iam.IGrantable) -> None:
        """By the indexes, and by nothing else."""
        indexes = [f"{self.table_arn}/index/orders_of_{role}" for role in LISTED_BY]
        iam.Grant.add_to_principal(grantee=grantee, actions=["dynamodb:Query"], resource_arns=indexes)


class AllowancesTable(ContextTable):
    """What customers who have ordered lately may order still. It fills itself anew, so it need not be restorable."""

    def __init__(self, scope: Construct, id: str, *, deployment: Deployment) -> None:
        super().__init__(
            scope,
            id,
            name="orders-allowances",
            key="customer_id",
            deployment=deployment,
            expires=True,
            restorable=False,
        )
        accept(
            self, "DDB3", "it holds the last minutes of who has ordered: lost, everyone has the whole allowance again"
        )

    def let_take(self, function: ContextFunction, parameters: OrdersParameters) -> None:
        """Have the function that takes orders in count them, and refuse what is too many."""
        self.let(function, "dynamodb:UpdateItem")
        for name, value in {
            "ALLOWANCES_TABLE": self.table_name,
            "ORDERS_AT_ONCE": str(parameters.orders_at_once),
            "SECONDS_PER_ORDER": str(parameters.seconds_per_order),
        }.items():
            function.add_environment(name, value)
