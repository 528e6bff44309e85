"""Compacts the lake: brings new objects into the curated zone, until the function's time runs out."""

from dataclasses import asdict
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from contexts.analytics import bootstrap
from contexts.analytics.compaction import compact
from contexts.analytics.observability import count_unreadable, logger

RESERVE_MILLISECONDS = 120_000  # kept back, so that a day that has begun can be finished


def handler(_event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    logger().append_keys(function_request_id=context.aws_request_id)
    done = compact(bootstrap.lake(), go_on=lambda: context.get_remaining_time_in_millis() > RESERVE_MILLISECONDS)
    for reason in done.unreadable:
        logger().error("Day left as it is", reason=reason)
    count_unreadable(len(done.unreadable))
    logger().info("Lake compacted", **asdict(done))
    return asdict(done)
