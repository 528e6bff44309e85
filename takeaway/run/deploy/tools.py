"""Run the tools that deploy: read their output by line, give them an environment, and stop them when we end."""

import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Timer
from typing import Any, TextIO, TypeVar

from takeaway import git
from takeaway.errors import DeploymentFailed, NotInstalled, ToolFailed
from takeaway.interrupts import held_back, to_the_end
from takeaway.paths import OWN_HOME, REPOSITORY, TOOLS, absolute_in
from takeaway.waiting import inheriting, waiting_for

PASSED_ON = ("HOME", "LANG", "LC_ALL", "TMPDIR", "TZ")
LAST_LINES = 12
POLL_SECONDS = 0.05
LIMIT = 1800.0  # seconds; a first deployment to AWS takes minutes, and a tool that hangs must not hang us
_running: set[int] = set()
Thing = TypeVar("Thing")
Made = TypeVar("Made")


def path_of_tools() -> str:
    """Return a PATH on which this project's node, python and uv come first."""
    return os.pathsep.join((str(TOOLS), os.environ.get("PATH", os.defpath)))


def local_environment(extra: Mapping[str, str]) -> dict[str, str]:
    """Make the environment of a tool that talks to a local engine: without this machine's proxies and credentials."""
    ours = absolute_in(os.environ)
    passed_on = {name: ours[name] for name in PASSED_ON if name in ours}
    return {**passed_on, "PATH": path_of_tools(), **extra}


def full_environment(extra: Mapping[str, str]) -> dict[str, str]:
    """Make the environment of a tool that may fetch packages: with this machine's proxies and settings."""
    return {**absolute_in(git.environment()), "HOME": writable_home(), "PATH": path_of_tools(), **extra}


def writable_home() -> str:
    """Return the user's home, or a folder of this clone if that can't be written, because jsii hangs without a cache.

    Raises DeploymentFailed if neither can be written.
    """
    home = Path(os.environ.get("HOME", ""))
    for folder in (home / ".cache", OWN_HOME / ".cache"):
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            if folder.is_absolute() and os.access(folder, os.W_OK):
                return str(folder.parent)
    raise DeploymentFailed(
        f"Neither HOME ({home}) nor {OWN_HOME} can be written; node's tools keep their caches there."
    )


def run(
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    log: Path,
    on_line: Callable[[str], str | None] = lambda _: None,
    folder: Path = REPOSITORY,
    limit: float = LIMIT,
    what: str = "",
) -> None:
    """Run a tool to its end; its output goes to `log` and, by line, to `on_line`.

    `what` is shown as what is waited for, until `on_line` returns another text.

    Raises ToolFailed with its last lines when it fails, or when it has not ended after `limit` seconds, and
    NotInstalled if it is missing.
    Its temporary files go into a folder of its own, because a tool that is killed (Ctrl-C) leaves them behind.
    """
    if not Path(command[0]).exists():
        raise NotInstalled(command[0])
    said: list[str] = []
    with (
        waiting_for(what or f"{Path(command[0]).name} is at work", limit=None, log=log) as wait,
        TemporaryDirectory(prefix="takeaway-", ignore_cleanup_errors=True) as scratch,
    ):
        own = {**environment, "TMPDIR": scratch}
        with _ended_with_us(command, own, folder, limit) as (process, too_long), _opened(log) as file:
            assert process.stdout is not None  # noqa: S101 - for the type checker
            for line in process.stdout:
                file.write(line)
                said.append(line.rstrip())
                wait.what = on_line(line.rstrip()) or wait.what
            process.wait()
            log = Path(file.name)
    tool, last = Path(command[0]).name, [line for line in said if line.strip()][-LAST_LINES:]
    if too_long.is_set():
        raise ToolFailed(f"{tool} had not ended after {limit:.0f} seconds and was stopped", None, last, str(log))
    if process.returncode != 0:
        raise ToolFailed(f"{tool} failed", process.returncode, last, str(log))


@contextmanager
def _ended_with_us(
    command: Sequence[str], environment: Mapping[str, str], folder: Path, limit: float
) -> Iterator[tuple["subprocess.Popen[str]", Event]]:
    """Start the tool, and kill its process group at the end, or after `limit` seconds: then the event is set."""
    too_long, started = Event(), list["subprocess.Popen[str]"]()

    def stop() -> None:
        too_long.set()
        _kill(started[0].pid)

    timer = Timer(limit, stop)
    timer.daemon = True
    try:
        with held_back():  # an interrupt in between could leave a process that nobody kills
            started.append(_start(command, environment, folder))
        timer.start()
        yield started[0], too_long
    finally:
        timer.cancel()
        for process in started:
            _kill(process.pid)
            process.wait()
            _running.discard(process.pid)


def _start(command: Sequence[str], environment: Mapping[str, str], folder: Path) -> "subprocess.Popen[str]":
    process = subprocess.Popen(  # noqa: S603 - our own pinned tools
        command,
        env=environment,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    _running.add(process.pid)
    return process


def end(tasks: "Iterable[Future[Any]]") -> None:
    """Cancel tasks that run tools in other threads, and return when all have ended, also one that is just starting."""
    with to_the_end():
        left = [task for task in tasks if not task.cancel()]
        while not all(task.done() for task in left):
            stop_all()
            time.sleep(POLL_SECONDS)


def at_once(do: Callable[[Thing], Made], things: Iterable[Thing], most: int | None = None) -> list[Made]:
    """Do it for all things in parallel, and return the results in order. If one fails, the others' tools are killed."""
    with ThreadPoolExecutor(most) as pool:
        tasks = [pool.submit(inheriting(partial(do, each))) for each in things]
        try:
            return [task.result() for task in tasks]
        except BaseException:
            end(tasks)
            raise


@contextmanager
def _opened(log: Path) -> Iterator[TextIO]:
    """Open the log, or one beside it while another command of the same kind is writing it."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a") as file, suppress(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        file.truncate(0)
        yield file
        return
    with log.with_stem(f"{log.stem}.{os.getpid()}").open("w") as file:
        yield file


def stop_all() -> None:
    """Kill all tools, of every thread: they have process groups of their own, so Ctrl-C does not reach them."""
    for pid in tuple(_running):
        _kill(pid)


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
