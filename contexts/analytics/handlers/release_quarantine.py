"""Lets out of quarantine what can be read by now. People call it, after they have mended the cause."""

from dataclasses import asdict
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from contexts.analytics import bootstrap
from contexts.analytics.observability import logger, observed
from contexts.analytics.quarantine import release


@observed
def handler(_event: dict[str, Any], _context: LambdaContext) -> dict[str, int]:
    done = asdict(release(bootstrap.production().lake))
    logger().info("Quarantine released", **done)
    return done
