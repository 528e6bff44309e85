"""Logs of the console: made on first use."""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from aws_lambda_powertools import Logger

Handler = Callable[[dict[str, Any], Any], Any]


@cache
def logger() -> Logger:
    """JSON lines, without personal data."""
    return Logger(service="console")


def observed(handler: Handler) -> Handler:
    """The handler, with its request in every line of its log."""

    @cache
    def logged() -> Handler:
        wrapped: Handler = logger().inject_lambda_context(handler)
        return wrapped

    @wraps(handler)
    def call(event: dict[str, Any], context: Any) -> Any:
        return logged()(event, context)

    return call
