"""The HTTP API of orders: one function behind API Gateway, which counts and limits but decides nothing."""

from typing import Any, cast

from aws_cdk import aws_apigateway as apigateway
from constructs import Construct

from shared.infrastructure.context_function import ContextFunction
from shared.infrastructure.deployment import Deployment

STAGE = "api"
# requests a second and the burst above it, for the whole API; a client that is limited gets 429
RATE_LIMIT, BURST_LIMIT = 200, 400


class OrdersApi(apigateway.RestApi):
    """Identity is verified in the function, the same way on every engine; so no method has an authorizer."""

    def __init__(self, scope: Construct, id: str, *, deployment: Deployment, function: ContextFunction) -> None:
        super().__init__(
            scope,
            id,
            rest_api_name=f"{deployment.prefix}-orders",
            description="Place, follow and decide orders",
            endpoint_types=[apigateway.EndpointType.REGIONAL],
            cloud_watch_role=False,
            deploy_options=apigateway.StageOptions(
                stage_name=STAGE,
                tracing_enabled=True,
                throttling_rate_limit=RATE_LIMIT,
                throttling_burst_limit=BURST_LIMIT,
            ),
        )
        integration = cast(Any, apigateway.LambdaIntegration(cast(Any, function), allow_test_invoke=False))
        orders = self.root.add_resource("orders")
        for method in ("GET", "POST"):
            orders.add_method(method, integration)
        order = orders.add_resource("{order_id}")
        order.add_method("GET", integration)
        for action in ("accept", "reject", "cancel", "complete"):
            order.add_resource(action).add_method("POST", integration)
