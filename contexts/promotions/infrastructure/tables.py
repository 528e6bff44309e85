"""The tables of promotions: one item per completed order, and one counter per customer."""

from constructs import Construct

from shared.infrastructure.context_table import ContextTable, text
from shared.infrastructure.deployment import Deployment


def vouchers_table(scope: Construct, deployment: Deployment) -> ContextTable:
    """Make the table with one item per completed order, which expires; those with a voucher are listed by customer."""
    table = ContextTable(scope, "Vouchers", name="vouchers", key="order_id", deployment=deployment, expires=True)
    # A sparse index: only vouchers have an issued_at, so orders that earned none are not in it.
    table.add_global_secondary_index(
        index_name="by_customer", partition_key=text("customer_id"), sort_key=text("issued_at")
    )
    return table


def loyalty_table(scope: Construct, deployment: Deployment) -> ContextTable:
    """Make the table with one counter per customer.

    It never expires, because a customer who comes back after a year goes on where they stopped.
    """
    return ContextTable(scope, "Loyalty", name="promotions-loyalty", key="customer_id", deployment=deployment)
