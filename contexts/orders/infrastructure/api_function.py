"""The function of the API with one to start and end orders: what it may do to tables is the same in every wiring."""

from collections.abc import Mapping

from constructs import Construct

from contexts.orders.infrastructure.database import AllowancesTable, OrdersTable
from contexts.orders.infrastructure.parameters import OrdersParameters
from shared.infrastructure.context_function import ContextFunction
from shared.infrastructure.deployment import Deployment


def api_function(
    scope: Construct,
    *,
    deployment: Deployment,
    parameters: OrdersParameters,
    table: OrdersTable,
    executions: Mapping[str, str],
    handlers_in: str | None = None,
) -> ContextFunction:
    """Make the function `Api`, and the table of allowances that it takes from.

    `executions` are the variables that name what runs an order. The caller grants what the function may do with that.
    """
    function = ContextFunction(
        scope,
        "Api",
        deployment=deployment,
        context="orders",
        handler="api",
        handlers_in=handlers_in,
        timeout_seconds=25,  # within the 29 s that API Gateway waits
        memory_mb=512,
        environment={
            **table.environment,
            **executions,
            "OIDC_ISSUER": parameters.oidc_issuer,
            "OIDC_AUDIENCE": parameters.oidc_audience,
        },
    )
    table.let(function, "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem")
    table.let_list(function)
    AllowancesTable(scope, "Allowances", deployment=deployment).let_take(function, parameters)
    return function
