"""Logs of the console: made on first use."""

from functools import cache

from aws_lambda_powertools import Logger


@cache
def logger() -> Logger:
    """JSON lines, without personal data."""
    return Logger(service="console")
