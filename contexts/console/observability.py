"""Logs of the console, built on first use."""

from functools import cache

from aws_lambda_powertools import Logger


@cache
def logger() -> Logger:
    """Return the logger of JSON lines, without personal data."""
    return Logger(service="console")
