"""Running the tools that deploy: watched line by line, told apart from our own environment, and never left behind."""

import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from takeaway.errors import DeploymentFailed, NotInstalled
from takeaway.paths import REPOSITORY, TOOLS

PASSED_ON = ("HOME", "LANG", "LC_ALL", "TMPDIR", "TZ")
LAST_LINES = 12
_running: set[int] = set()


def path_of_tools() -> str:
    """node, python and uv of this project come first, whatever else is installed."""
    return os.pathsep.join((str(TOOLS), os.environ.get("PATH", os.defpath)))


def local_environment(extra: Mapping[str, str]) -> dict[str, str]:
    """For a tool that talks to an engine on this machine: no proxy and no credential of this machine is in it."""
    passed_on = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return {**passed_on, "PATH": path_of_tools(), **extra}


def full_environment(extra: Mapping[str, str]) -> dict[str, str]:
    """For a tool that may have to fetch packages, by whatever way this machine is set up for it."""
    return {**os.environ, "PATH": path_of_tools(), **extra}


def run(
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    log: Path,
    on_line: Callable[[str], None] = lambda _: None,
    folder: Path = REPOSITORY,
) -> None:
    """Run a tool to its end; what it says goes to `log` and `on_line`. Raises DeploymentFailed with its last words."""
    if not Path(command[0]).exists():
        raise NotInstalled(command[0])
    log.parent.mkdir(parents=True, exist_ok=True)
    said: list[str] = []
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
    try:
        assert process.stdout is not None  # noqa: S101 - for the type checker
        with log.open("w") as file:
            for line in process.stdout:
                file.write(line)
                said.append(line.rstrip())
                on_line(line.rstrip())
        status = process.wait()
    finally:
        _kill(process.pid)
        process.wait()
        _running.discard(process.pid)
    if status != 0:
        raise DeploymentFailed(_last_words(Path(command[0]).name, said, log))


def stop_all() -> None:
    """End every tool that still runs, in whichever thread: they are in groups of their own, no Ctrl-C reaches them."""
    for pid in tuple(_running):
        _kill(pid)


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _last_words(tool: str, said: Sequence[str], log: Path) -> str:
    lines = [line for line in said if line.strip()][-LAST_LINES:]
    return f"{tool} failed; all that it said is in {log}." + "".join(f"\n  {line}" for line in lines)
