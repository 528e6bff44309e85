"""Start and stop the engine's process, in a process group of its own so that its functions are stopped with it."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

from takeaway.errors import EngineDied, EngineError, NotInstalled, PortInUse
from takeaway.interrupts import held_back, to_the_end
from takeaway.paths import ENGINE_PYTHON, LAUNCHER
from takeaway.run.engine.environment import engine_environment, free_port, is_free
from takeaway.run.engine.home import EngineRecord, Home
from takeaway.run.engine.kinds import EngineKind, kind_of
from takeaway.waiting import await_until

START_SECONDS = 60
GRACE_SECONDS = 2  # short, because the engine has nothing to save
STOP_SECONDS = 10
POLL_SECONDS = 0.05
LAST_LINES = 8
STOPPING = "stopping the engine"
PORT_TAKEN = "is already in use"  # from the engine's own message
TRIES = 3


def start(
    home: Home,
    *,
    port: int,
    stage: str,
    owned: bool = False,
    command: Sequence[str] | None = None,
    extra_environment: dict[str, str] | None = None,
) -> EngineRecord:
    """Start an engine on `port`, and return when it answers; if it does not, nothing is left running.

    An `owned` engine ends with this process, even if this process is killed. Raises NotInstalled, PortInUse, or
    EngineDied with the end of its log.
    """
    command = command or (str(ENGINE_PYTHON), str(LAUNCHER))
    if not Path(command[0]).exists():
        raise NotInstalled("The embedded engine")
    if not is_free(port):
        raise PortInUse(port)
    spawned: list[tuple[subprocess.Popen[bytes], EngineRecord]] = []
    try:
        # Interrupts are held back here: one in between could leave a process that nobody knows.
        with held_back(), home.lock_to_pass_on() as lock:
            home.forget()
            home.scratch.mkdir(parents=True)
            spawned.append(_spawn(home, command, lock, port=port, stage=stage, owned=owned, extra=extra_environment))
        [(process, record)] = spawned
        _await_answer(record, process, home)
    except BaseException:
        for process, record in spawned:
            stop(home, record)
            process.wait()
        raise
    return record


def start_anywhere(
    home: Home,
    *,
    stage: str,
    command: Sequence[str] | None = None,
    extra_environment: dict[str, str] | None = None,
) -> EngineRecord:
    """Start an owned engine on a free port; tries another port if one was taken in the meantime."""

    def start_on(port: int) -> EngineRecord:
        return start(home, port=port, stage=stage, owned=True, command=command, extra_environment=extra_environment)

    for _ in range(TRIES - 1):
        with contextlib.suppress(PortInUse):
            return start_on(free_port())
    return start_on(free_port())


def stop(home: Home, record: EngineRecord) -> None:
    """End the engine and all its functions with SIGTERM, then SIGKILL, and return when they are gone.

    Raises EngineError if the engine has not ended after 10 seconds.
    """
    with to_the_end():
        if home.locked():
            _signal_group(record.pid, signal.SIGTERM)
            await_until(lambda: not home.locked(), seconds=GRACE_SECONDS, poll=POLL_SECONDS, what=STOPPING)
        _signal_group(record.pid, signal.SIGKILL)
        if not await_until(lambda: not home.locked(), seconds=STOP_SECONDS, poll=POLL_SECONDS, what=STOPPING):
            raise EngineError(f"The engine (process {record.pid}) does not end: look at it with `ps -p {record.pid}`.")
        home.forget()


def _spawn(
    home: Home,
    command: Sequence[str],
    lock: int,
    *,
    port: int,
    stage: str,
    owned: bool,
    extra: dict[str, str] | None,
) -> tuple[subprocess.Popen[bytes], EngineRecord]:
    environment = engine_environment(port=port, scratch=home.scratch) | (extra or {})
    inherited = [lock]
    if owned:
        # Nothing is written to it. The system closes our end when this process ends, which ends the engine.
        read_end, _write_end = os.pipe()
        environment["TAKEAWAY_OWNER_PIPE"] = str(read_end)
        inherited.append(read_end)
    with home.log.open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - our own launcher
            command,
            env=environment,
            cwd=home.scratch,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=inherited,
        )
    if owned:
        os.close(read_end)
    record = EngineRecord(pid=process.pid, port=port, stage=stage)
    home.remember(record)
    return process, record


def _await_answer(record: EngineRecord, process: subprocess.Popen[bytes], home: Home) -> None:
    def answered_or_ended() -> bool:
        return process.poll() is not None or kind_of(record.endpoint) is EngineKind.MINISTACK

    if not await_until(answered_or_ended, seconds=START_SECONDS, poll=POLL_SECONDS, what="starting an engine"):
        raise EngineDied(f"did not answer within {START_SECONDS} seconds", _last_lines(home.log), str(home.log))
    if process.poll() is not None:
        if any(PORT_TAKEN in line for line in _last_lines(home.log)):
            raise PortInUse(record.port)  # taken by another process after `is_free`
        raise EngineDied("ended while it was starting", _last_lines(home.log), str(home.log))


def _signal_group(pid: int, number: signal.Signals) -> None:
    # macOS raises PermissionError for a group that has only zombies left.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def _last_lines(log: Path) -> list[str]:
    lines = [line.rstrip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return lines[-LAST_LINES:]
