"""The engine that the tests run on: the one that AWS_ENDPOINT_URL names, else an embedded one that they start."""

import os
from functools import cache

from takeaway.errors import NoRunningSystem
from takeaway.run.engine.kinds import EngineKind, is_image, kind_of, traits_of

PAUSE_SECONDS = 0.3


@cache
def engine_kind() -> EngineKind:
    endpoint = os.environ.get("AWS_ENDPOINT_URL", "").rstrip("/")
    kind = kind_of(endpoint) if endpoint else EngineKind.MINISTACK
    if kind is None:
        raise NoRunningSystem(f"Nothing answers at {endpoint}")
    return kind


def is_embedded() -> bool:
    return engine_kind() is EngineKind.MINISTACK


def keeps_logs() -> bool:
    """Tell whether the logs of functions can be read.

    LocalStack has them only where its image starts functions in containers.
    """
    return engine_kind() is not EngineKind.LOCALSTACK or is_image(os.environ["AWS_ENDPOINT_URL"].rstrip("/"))


def isolates_transactions() -> bool:
    """Tell whether another client's write survives a transaction that is cancelled.

    Where LocalStack does not run from its image, moto stands in for its database and rolls back everything that was
    written meanwhile.
    """
    return engine_kind() is not EngineKind.LOCALSTACK or is_image(os.environ["AWS_ENDPOINT_URL"].rstrip("/"))


def patiently(seconds: int) -> int:
    """Return how long to wait on this engine for something that takes the embedded one `seconds` at most."""
    return seconds * traits_of(engine_kind()).patience


def pause(seconds: float) -> float:
    """Return the pause between two looks, longer on a slow engine because each look keeps it from its work."""
    return seconds if is_embedded() else max(seconds, PAUSE_SECONDS)
