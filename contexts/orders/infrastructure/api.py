"""The HTTP API of orders: one function behind API Gateway, which counts and limits but decides nothing."""

from collections.abc import Mapping
from typing import cast

from aws_cdk import aws_apigateway as apigateway
from constructs import Construct

from contexts.orders.infrastructure.api_log import access_log
from shared.infrastructure.context_function import ContextFunction
from shared.infrastructure.deployment import Deployment
from shared.infrastructure.interface import as_interface
from shared.infrastructure.security_checks import accept

STAGE = "api"
# requests a second and the burst above it, for the whole API; a client that is limited gets 429
RATE_LIMIT, BURST_LIMIT = 200, 400
IDENTITY = "identity is verified in the function, the same on every engine (docs/adr/0006)"
ACCEPTED = {
    "APIG2": "the function validates, with the models that docs/openapi.json is made of, and names every wrong field",
    "APIG3": "rules of a firewall belong to an account: docs/deploying.md says how to put one in front",
    "APIG4": IDENTITY,
    "COG4": IDENTITY,
    "APIG6": "the access log has every call and its error; execution logs hold tokens, and outlive the stack",
}


class OrdersApi(apigateway.RestApi):
    """Identity is verified in the function, the same way on every engine; so no method has an authorizer.

    `commands` are those that have a function of their own: "place", "accept", "reject", "cancel", "complete".
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        deployment: Deployment,
        function: ContextFunction,
        logs: bool = True,
        commands: Mapping[str, ContextFunction] | None = None,
    ) -> None:
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
                **(access_log(scope, f"{id}Log", deployment) if logs else {}),
            ),
        )
        for finding, because in ACCEPTED.items():
            accept(self, finding, because)
        if not logs:
            accept(self, "APIG1", "this deployment has been told to keep no log of the API (apiLogs)")
        everything = _integration(function)
        own = {command: _integration(each) for command, each in (commands or {}).items()}
        orders = self.root.add_resource("orders")
        orders.add_method("GET", everything)
        orders.add_method("POST", own.get("place", everything))
        order = orders.add_resource("{order_id}")
        order.add_method("GET", everything)
        for command in ("accept", "reject", "cancel", "complete"):
            order.add_resource(command).add_method("POST", own.get(command, everything))
        for kind, headers in {
            apigateway.ResponseType.THROTTLED: {"Retry-After": "'1'"},
            apigateway.ResponseType.DEFAULT_4_XX: {},
            apigateway.ResponseType.DEFAULT_5_XX: {"Retry-After": "'1'"},
        }.items():
            self._problem(kind, headers)

    def _problem(self, kind: apigateway.ResponseType, headers: dict[str, str]) -> None:
        """What the gateway itself refuses looks like what the function refuses."""
        self.add_gateway_response(
            kind.response_type.title().replace("_", ""),
            type=kind,
            response_headers=headers,
            templates={
                "application/problem+json": '{"type": "about:blank", "title": $context.error.messageString,'
                ' "detail": $context.error.messageString}'
            },
        )


def _integration(function: ContextFunction) -> apigateway.Integration:
    return cast(apigateway.Integration, apigateway.LambdaIntegration(as_interface(function), allow_test_invoke=False))
