"""The engine that a deployment goes to: the one that runs, or one that is started for it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from takeaway.errors import NoRunningSystem, SynthesisRefused, TakeawayError, UsageError
from takeaway.run.client.target import DEFAULT_STAGE, Target
from takeaway.run.engine import process
from takeaway.run.engine.environment import DEFAULT_PORT
from takeaway.run.engine.home import EngineRecord, Home

NOTHING_CAME_OF_IT = (UsageError, SynthesisRefused)  # what was asked for can't be, so an engine for it is of no use


@dataclass(frozen=True)
class RunningEngine:
    """Where to deploy to. `started` is the engine's record if it was not running before."""

    target: Target
    started: EngineRecord | None = None


@contextmanager
def found_or_started(
    find: Callable[[], Target],
    *,
    home: Home,
    port: int | None,
    stage: str | None,
    told: Callable[[str], None] = lambda _: None,
) -> Iterator[RunningEngine]:
    """An engine that was started for the `with` block is stopped again when the block is interrupted, or refused.

    `told` hears of one that ran before and died: what comes now begins with nothing.

    It stays when the block fails with another error that tells the way out: the deployment can be tried again.
    """
    engine: RunningEngine | None = None
    starting = False
    try:
        engine = _find(find, port)
        if engine is None:
            starting = True
            if died := home.bury():
                told(died.told(home.log_of_dead))
            engine = _start(home, port or DEFAULT_PORT, stage or DEFAULT_STAGE)
        yield engine
    except TakeawayError as error:
        if engine and isinstance(error, NOTHING_CAME_OF_IT):
            _stop(home, engine.started)
        raise
    except BaseException as error:
        # An interrupt may come when the engine runs, and is not known here yet.
        stopped = _stop(home, engine.started if engine else home.running() if starting else None)
        if isinstance(error, KeyboardInterrupt):
            raise KeyboardInterrupt(_told(stopped, is_ours=starting)) from None
        raise


def _stop(home: Home, record: EngineRecord | None) -> EngineRecord | None:
    if record:
        process.stop(home, record)
    return record


def _told(stopped: EngineRecord | None, *, is_ours: bool) -> str:
    if stopped:
        return f"Interrupted: the engine that was started for it (process {stopped.pid}) is stopped again."
    if is_ours:
        return "Interrupted: no engine is left running."
    return "Interrupted: what ran before runs on, and the same command brings what is missing."


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
