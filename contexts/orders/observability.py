"""Logs and metrics of orders: made on first use, named by the function's environment."""

from functools import cache

from aws_lambda_powertools import Logger, Metrics


@cache
def logger() -> Logger:
    """JSON lines. Every line about an order carries its id as the correlation id, and no personal data."""
    return Logger()


@cache
def metrics() -> Metrics:
    return Metrics()
