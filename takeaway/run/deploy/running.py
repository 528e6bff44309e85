"""Find the running engine for a deployment, or start one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from takeaway.errors import NoRunningSystem, SynthesisRefused, TakeawayError, UsageError
from takeaway.run.client.target import DEFAULT_STAGE, Target
from takeaway.run.engine import process
from takeaway.run.engine.environment import DEFAULT_PORT
from takeaway.run.engine.home import EngineRecord, Home

NOTHING_CAME_OF_IT = (UsageError, SynthesisRefused)  # nothing was deployed, so an engine started for it is stopped


@contextmanager
def found_or_started(
    find: Callable[[], Target],
    *,
    home: Home,
    port: int | None,
    stage: str | None,
    told: Callable[[str], None] = lambda _: None,
) -> Iterator[tuple[Target, EngineRecord | None]]:
    """Yield the target of a deployment, and the record of the engine if it was started for the block.

    A started engine is stopped again when the block is interrupted or the deployment is refused. After another
    TakeawayError it stays, so that the deployment can be tried again.

    `told` hears of an engine that ran before and died, because the new one begins without its data.
    """
    started: EngineRecord | None = None
    starting = False
    try:
        target = _found(find, port)
        if target is None:
            starting = True
            if died := home.bury():
                told(died.told(home.log_of_dead))
            started = process.start(home, port=port or DEFAULT_PORT, stage=stage or DEFAULT_STAGE)
            target = Target(home, stage or DEFAULT_STAGE, endpoint=started.endpoint)
        yield target, started
    except TakeawayError as error:
        if isinstance(error, NOTHING_CAME_OF_IT):
            _stop(home, started)
        raise
    except BaseException as error:
        # An interrupt may come after the engine has started and before `started` is set.
        stopped = _stop(home, started or (home.running() if starting else None))
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


def _found(find: Callable[[], Target], port: int | None) -> Target | None:
    try:
        target = find()
    except NoRunningSystem:
        return None
    if port is not None and target.endpoint != f"http://127.0.0.1:{port}":
        raise UsageError(
            f"The engine meant here is {target.endpoint or 'AWS'}: leave --port out, or stop it first "
            "(`takeaway down`; unset AWS_ENDPOINT_URL and AWS_PROFILE)."
        )
    return target
