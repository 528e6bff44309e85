"""Tries the messages in quarantine again. Operators invoke it after they have mended the cause."""

from dataclasses import asdict
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from contexts.analytics import bootstrap
from contexts.analytics.observability import logger
from contexts.analytics.quarantine import release


def handler(_event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    logger().append_keys(function_request_id=context.aws_request_id)
    done = asdict(release(bootstrap.lake()))
    logger().info("Quarantine released", **done)
    return done
