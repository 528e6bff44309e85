"""A function for each step, with the permissions that the step needs and no more."""

from typing import Any

from constructs import Construct

from contexts.orders.infrastructure.database import OrdersTable
from contexts.orders.infrastructure.parameters import OrdersParameters
from contexts.orders.infrastructure.steps import OrderSteps
from shared.infrastructure.context_function import ContextFunction
from shared.infrastructure.deployment import Deployment

PACKAGE = "examples.choreographed_orders"
WITHOUT = ("workflow",)  # the only files of orders that this wiring does not need
API_MEMORY_MB = 512
COMMANDS = {  # calls of the API, and the step that each does
    "place": "place_order", "accept": "accept_order", "reject": "reject_order", "cancel": "cancel_order",
    "complete": "complete_order",
}  # fmt: skip


class ChoreographedFunctions(OrderSteps):
    """The functions of all steps. `commands` are called through the API; events trigger the others."""

    def __init__(
        self, scope: Construct, id: str, *, parameters: OrdersParameters, table: OrdersTable, **options: Any
    ) -> None:
        super().__init__(
            scope, id, parameters=parameters, table=table, handlers_in=PACKAGE, leave_out=WITHOUT, **options
        )
        issuer = {"OIDC_ISSUER": parameters.oidc_issuer, "OIDC_AUDIENCE": parameters.oidc_audience}
        self.commands = {
            command: self.step(step, issuer, memory_mb=API_MEMORY_MB) for command, step in COMMANDS.items()
        }
        table.let(self.commands["place"], "dynamodb:PutItem")
        self.notify_restaurant = self.step_to_restaurants("notify_restaurant")
        self.notify_user = self.step_to_customers("notify_user")


def reading(
    scope: Construct, *, deployment: Deployment, parameters: OrdersParameters, table: OrdersTable
) -> ContextFunction:
    """Make the function of the API calls that change nothing."""
    function = ContextFunction(
        scope,
        "Api",
        deployment=deployment,
        context="orders",
        handler="api",
        handlers_in=PACKAGE,
        leave_out=WITHOUT,
        memory_mb=API_MEMORY_MB,
        environment={
            **table.environment,
            "OIDC_ISSUER": parameters.oidc_issuer,
            "OIDC_AUDIENCE": parameters.oidc_audience,
        },
    )
    table.let(function, "dynamodb:GetItem")
    table.let_list(function)
    return function
