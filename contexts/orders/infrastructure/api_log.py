"""The access log of the API: a line for each call, including those that never reach the function."""

import json
from typing import Any

from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_logs as logs
from constructs import Construct

from shared.infrastructure.deployment import Deployment
from shared.infrastructure.interface import as_interface

# Fields of a line, and API Gateway's variables that fill them.
LOGGED = {
    "time": "requestTimeEpoch",
    "request_id": "requestId",
    "trace_id": "xrayTraceId",
    "ip": "identity.sourceIp",
    "method": "httpMethod",
    "resource": "resourcePath",
    "path": "path",
    "status": "status",
    "latency_ms": "responseLatency",
    "function_latency_ms": "integrationLatency",
    "function_request_id": "integration.requestId",
    "function_error": "integration.error",
    "error": "error.responseType",  # not its message, which may quote the Authorization header
}


def access_log(scope: Construct, id: str, deployment: Deployment) -> dict[str, Any]:
    """Return the options of a stage that logs to `/aws/apigateway/takeaway-<stage>-orders`.

    The account's API Gateway needs a role that may write logs: docs/deploying.md says how, once per region.
    """
    group = logs.LogGroup(
        scope,
        id,
        log_group_name=f"/aws/apigateway/{deployment.prefix}-orders",
        retention=deployment.log_retention,
        removal_policy=deployment.removal_policy,
    )
    line = json.dumps({name: f"$context.{variable}" for name, variable in LOGGED.items()})
    return {
        "access_log_destination": apigateway.LogGroupLogDestination(as_interface(group)),
        "access_log_format": apigateway.AccessLogFormat.custom(line),
    }
