"""What every function behind API Gateway has in common: orders' own API, answered by this wiring."""

from typing import Any

from contexts.orders.api.service import answer
from contexts.orders.observability import logger
from examples.choreographed_orders.bootstrap import choreographed


def call(event: dict[str, Any], context: Any) -> dict[str, Any]:
    log = logger()
    log.append_keys(function_request_id=context.aws_request_id)
    log.set_correlation_id((event.get("pathParameters") or {}).get("order_id", ""))  # a new order gets its own later
    answered = answer(event, context, choreographed())
    log.info(
        "answered", extra={"method": event["httpMethod"], "route": event["resource"], "code": answered["statusCode"]}
    )
    return answered
