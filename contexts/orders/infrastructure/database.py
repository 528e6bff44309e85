"""The tables of orders: the orders themselves, and the customers' allowances."""

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
KEYS = ("order_id", "received_at")  # keys of every index, beside its partition key
# Attributes of an index beside its keys: only those that lists show, because each write to an index is paid for again.
LISTED = tuple(each.name for each in fields(OrderSummary) if each.name not in KEYS)


class OrdersTable(ContextTable):
    """The table with one item per order, listed by customer and by restaurant.

    A draft whose workflow never began expires after a day, an order `retention_days` after its end.
    """

    def __init__(self, scope: Construct, id: str, *, deployment: Deployment, retention_days: int) -> None:
        super().__init__(scope, id, name="orders", key="order_id", deployment=deployment, expires=True)
        for role in LISTED_BY:
            # An index has only what lists show, so tokens, changes and texts are not written again for each index.
            self.add_global_secondary_index(
                index_name=f"orders_of_{role}",
                partition_key=text(f"{role}_id"),
                sort_key=text("received_at"),
                projection_type=dynamodb.ProjectionType.INCLUDE,
                non_key_attributes=[each for each in LISTED if each != f"{role}_id"],
            )
        self.environment = {"ORDERS_TABLE": self.table_name, "RETENTION_DAYS": str(retention_days)}

    def let_list(self, grantee: iam.IGrantable) -> None:
        """Allow queries of the two indexes, and nothing else."""
        indexes = [f"{self.table_arn}/index/orders_of_{role}" for role in LISTED_BY]
        iam.Grant.add_to_principal(grantee=grantee, actions=["dynamodb:Query"], resource_arns=indexes)


class AllowancesTable(ContextTable):
    """The table of the customers' allowances.

    It is not restorable, because losing it only gives every customer a full bucket.
    """

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
        """Let the API function count orders and refuse those that are too many."""
        self.let(function, "dynamodb:UpdateItem")
        for name, value in {
            "ALLOWANCES_TABLE": self.table_name,
            "ORDERS_AT_ONCE": str(parameters.orders_at_once),
            "SECONDS_PER_ORDER": str(parameters.seconds_per_order),
        }.items():
            function.add_environment(name, value)
