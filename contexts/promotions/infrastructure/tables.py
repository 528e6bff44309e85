"""The tables of promotions: what each completed order has earned, and how many orders each customer has completed."""

from constructs import Construct

from shared.infrastructure.context_table import ContextTable, text
from shared.infrastructure.deployment import Deployment


def vouchers_table(scope: Construct, deployment: Deployment) -> ContextTable:
    """One item per completed order, forgotten when its time has come; those with a voucher are listed by customer."""
    table = ContextTable(scope, "Vouchers", name="vouchers", key="order_id", deployment=deployment, expires=True)
    # Only vouchers have an issued_at, so orders that earned none are not in the index.
    table.add_global_secondary_index(
        index_name="by_customer", partition_key=text("customer_id"), sort_key=text("issued_at")
    )
    return table


def loyalty_table(scope: Construct, deployment: Deployment) -> ContextTable:
    """One counter per customer. It never expires: a customer who comes back after a year goes on where they stopped."""
    return ContextTable(scope, "Loyalty", name="promotions-loyalty", key="customer_id", deployment=deployment)
