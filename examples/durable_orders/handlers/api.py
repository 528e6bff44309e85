"""The function behind API Gateway: orders' own API, whose workflow is a durable function."""

from typing import Any

from contexts.orders.api.service import logged_answer
from examples.durable_orders.bootstrap import durable


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return logged_answer(event, context, durable())
