"""The handler of all functions behind API Gateway: orders' own API, answered by this wiring."""

from typing import Any

from contexts.orders.api.service import logged_answer
from examples.choreographed_orders.bootstrap import choreographed


def call(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return logged_answer(event, context, choreographed())
