"""The function behind API Gateway."""

from typing import Any

import contexts.orders.adapters.oidc_identity  # noqa: F401 - every call needs it, and init is where it is cheap
from contexts.orders.api.service import answer
from contexts.orders.bootstrap import production
from contexts.orders.observability import logger


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    log = logger()
    log.append_keys(function_request_id=context.aws_request_id)
    log.set_correlation_id((event.get("pathParameters") or {}).get("order_id", ""))  # a new order gets its own later
    answered = answer(event, context, production())
    # neither path nor body: ids are the correlation id, the rest may be personal
    log.info(
        "answered", extra={"method": event["httpMethod"], "route": event["resource"], "code": answered["statusCode"]}
    )
    return answered
