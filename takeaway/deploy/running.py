"""The engine that a deployment goes to: the one that runs, or one that is started for it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from takeaway.client.target import DEFAULT_STAGE, Target
from takeaway.engine import process
from takeaway.engine.home import EngineRecord, Home
from takeaway.engine.ports import DEFAULT_PORT
from takeaway.errors import NoRunningSystem, TakeawayError, UsageError


@dataclass(frozen=True)
class RunningEngine:
    """Where to deploy to. `started` is the engine's record if it was not running before."""

    target: Target
    started: EngineRecord | None = None


@contextmanager
def found_or_started(
    find: Callable[[], Target], *, home: Home, port: int | None, stage: str | None
) -> Iterator[RunningEngine]:
    """An engine that was started for the `with` block is stopped again when the block is interrupted.

    It stays when the block fails with an error that tells the way out: the deployment can be tried again.
    """
    engine = _find(find, port) or _start(home, port or DEFAULT_PORT, stage or DEFAULT_STAGE)
    try:
        yield engine
    except TakeawayError:
        raise
    except BaseException:
        if engine.started:
            process.stop(home, engine.started)
        raise


def _find(find: Callable[[], Target], port: int | None) -> RunningEngine | None:
    try:
        target = find()
    except NoRunningSystem:
        return None
    if port is not None and target.endpoint != f"http://127.0.0.1:{port}":
        raise UsageError(
            f"The engine meant here is {target.endpoint or 'AWS'}: leave --port out, or stop it first "
            "(`takeaway down`; unset AWS_ENDPOINT_URL and AWS_PROFILE)."
        )
    return RunningEngine(target)


def _start(home: Home, port: int, stage: str) -> RunningEngine:
    record = process.start(home, port=port, stage=stage)
    return RunningEngine(Target(home, stage, endpoint=record.endpoint), record)
