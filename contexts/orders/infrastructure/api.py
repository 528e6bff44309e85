"""The HTTP API of orders: one function behind API Gateway, which counts and limits requests but decides nothing."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import cast

from aws_cdk import aws_apigateway as apigateway
from constructs import Construct

from contexts.orders.infrastructure.api_log import access_log
from shared.infrastructure.context_function import ContextFunction
from shared.infrastructure.deployment import Deployment
from shared.infrastructure.interface import as_interface
from shared.infrastructure.security_checks import accept

STAGE = "api"
# Requests a second, and the burst above that, for the whole API; a request beyond is answered with 429.
RATE_LIMIT, BURST_LIMIT = 200, 400
IDENTITY = "identity is verified in the function, the same on every engine (docs/adr/0006)"
# API Gateway's names for the errors that it answers itself, and the status of each. It has no other cause to answer,
# because this API has no authorizers, keys or validators there. An error that is missing here would be answered in API
# Gateway's words, which may quote a token.
REFUSED_BY_GATEWAY = {
    "ACCESS_DENIED": HTTPStatus.FORBIDDEN,
    "EXPIRED_TOKEN": HTTPStatus.FORBIDDEN,
    "INVALID_SIGNATURE": HTTPStatus.FORBIDDEN,
    "WAF_FILTERED": HTTPStatus.FORBIDDEN,
    "MISSING_AUTHENTICATION_TOKEN": HTTPStatus.NOT_FOUND,  # API Gateway's word for an unknown path or method
    "RESOURCE_NOT_FOUND": HTTPStatus.NOT_FOUND,
    "BAD_REQUEST_BODY": HTTPStatus.BAD_REQUEST,
    "BAD_REQUEST_PARAMETERS": HTTPStatus.BAD_REQUEST,
    "REQUEST_TOO_LARGE": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "UNSUPPORTED_MEDIA_TYPE": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "THROTTLED": HTTPStatus.TOO_MANY_REQUESTS,
    "QUOTA_EXCEEDED": HTTPStatus.TOO_MANY_REQUESTS,
    "API_CONFIGURATION_ERROR": HTTPStatus.INTERNAL_SERVER_ERROR,
    "INTEGRATION_FAILURE": HTTPStatus.GATEWAY_TIMEOUT,
    "INTEGRATION_TIMEOUT": HTTPStatus.GATEWAY_TIMEOUT,
}
ACCEPTED = {
    "APIG2": "the function validates, with the models that openapi.json is made of, and names every wrong field",
    "APIG3": "rules of a firewall belong to an account: docs/deploying.md says how to put one in front",
    "APIG4": IDENTITY,
    "COG4": IDENTITY,
    "APIG6": "the access log has every call and its error; execution logs hold tokens, and outlive the stack",
}


class OrdersApi(apigateway.RestApi):
    """The API Gateway of orders.

    No method has an authorizer, because identity is verified in the function, the same way on every engine. `commands`
    has the functions of commands that don't go to the API function: "place", "accept", "reject", "cancel", "complete".
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
        named = [order.add_resource(command) for command in ("accept", "reject", "cancel", "complete")]
        for each in named:
            each.add_method("POST", own.get(str(each.path).rpartition("/")[2], everything))
        # Unknown paths and methods go to the function too, because API Gateway's own 403 may quote the caller's token.
        self.root.add_method("ANY", everything)
        for resource in (self.root.add_resource("{proxy+}"), orders, order, *named):
            resource.add_method("ANY", everything)
        for kind, status in REFUSED_BY_GATEWAY.items():
            self._problem(kind, status)

    def _problem(self, kind: str, status: HTTPStatus) -> None:
        """Make an error of API Gateway look like those of the function."""
        soon = status is HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR
        body = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": status.description}
        self.add_gateway_response(
            kind.title().replace("_", ""),
            type=apigateway.ResponseType.of(kind),
            status_code=str(status.value),
            response_headers={"Retry-After": "'1'"} if soon else {},
            templates={"application/problem+json": json.dumps(body)},
        )


def _integration(function: ContextFunction) -> apigateway.Integration:
    """Integrate a function by a single permission: that of the catch-all route covers every other route."""
    integration = apigateway.LambdaIntegration(as_interface(function), scope_permission_to_method=False)
    return cast(apigateway.Integration, integration)
