"""Which engine the tests run on: the one that AWS_ENDPOINT_URL names, else an embedded one that is started for them."""

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
    """Whether what functions log can be read. LocalStack has it from containers, which only its image starts."""
    return engine_kind() is not EngineKind.LOCALSTACK or is_image(os.environ["AWS_ENDPOINT_URL"].rstrip("/"))


def isolates_transactions() -> bool:
    """Tell whether another client's write survives a transaction that is cancelled.

    Where LocalStack does not run from its image, moto stands in for its database and rolls back everything that was
    written meanwhile.
    """
    return engine_kind() is not EngineKind.LOCALSTACK or is_image(os.environ["AWS_ENDPOINT_URL"].rstrip("/"))


def patiently(seconds: int) -> int:
    """How long to wait on this engine for what takes the embedded one `seconds` at most."""
    return seconds * traits_of(engine_kind()).patience


def pause(seconds: float) -> float:
    """Between two looks; an engine that is slow to answer is kept busy by being asked, and is asked less often."""
    return seconds if is_embedded() else max(seconds, PAUSE_SECONDS)
