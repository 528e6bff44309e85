"""Run LocalStack without Docker, by a rig whose folder the user names: same release, functions as processes."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from takeaway.paths import REPOSITORY
from takeaway.run.engine.environment import LOCALHOST
from tools.localstack import FOLDER

NAMED_BY, HOME = "LOCALSTACK_RIG", "LOCALSTACK_RIG_HOME"
GRACE_SECONDS = 3  # short, because its state is in memory and need not be saved
GONE_SECONDS = 10


def named() -> Path | None:
    """Return the rig's program; None if its folder is not named, or does not have it."""
    command = Path(os.environ.get(NAMED_BY, ""), "localstack-rig").absolute()
    return command if os.environ.get(NAMED_BY) and command.exists() else None


@dataclass(frozen=True)
class Rig:
    """LocalStack run by the rig. Without the rig's program, processes that it started can still be stopped."""

    port: int
    folder: Path = FOLDER
    command: Path | None = field(default_factory=named)

    def __str__(self) -> str:
        return f"LocalStack by {self.command}, which installs it on its first run"

    @property
    def endpoint(self) -> str:
        return f"http://{LOCALHOST}:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def start(self) -> None:
        self.stop()  # stops what a killed run has left
        (self.folder / "tmp").mkdir(parents=True, exist_ok=True)
        self._make_python()
        self._run("start", str(self.port))

    def stop(self) -> None:
        if not self.folder.exists():
            return
        group = self._group()
        if self.command:
            self._run("stop")
        if group and not _within(GRACE_SECONDS, lambda: not _lives(group)):
            _kill_group(group)
        # Processes that left its group are found by the variable HOME, which they have inherited.
        for pid in self._processes():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        _within(GONE_SECONDS, lambda: not ((group and _lives(group)) or list(self._processes())))
        shutil.rmtree(self.folder / "tmp", ignore_errors=True)

    def _run(self, *arguments: str) -> None:
        # Without this machine's AWS variables, because LocalStack would use them.
        own = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        own |= {HOME: str(self.folder), "LOCALSTACK_RIG_PYTHON": str(self._python), "TMPDIR": str(self.folder / "tmp")}
        subprocess.run([str(self.command), *arguments], env=own, check=True)

    @property
    def _python(self) -> Path:
        return self.folder / "functions/bin/python"

    def _make_python(self) -> None:
        """Make the functions' Python with boto3 alone, as on AWS, so that a missing package in a bundle shows."""
        if self._python.exists():
            return
        uv, constraints = [sys.executable, "-m", "uv"], str(REPOSITORY / "requirements/dev.lock")
        environment = str(self._python.parents[1])
        subprocess.run([*uv, "venv", "--quiet", "--python", sys.executable, environment], check=True)
        install = ["pip", "install", "--quiet", "--python", environment, "--constraint", constraints, "boto3"]
        subprocess.run([*uv, *install], check=True)

    def _group(self) -> int | None:
        try:
            return int((self.folder / "pid").read_text())
        except (OSError, ValueError):
            return None

    def _processes(self) -> Iterator[int]:
        mark = f"{HOME}={self.folder}\0".encode()
        for environment in Path("/proc").glob("[0-9]*/environ"):
            pid = int(environment.parent.name)
            with suppress(OSError):
                if mark in environment.read_bytes() and pid != os.getpid():
                    yield pid


def _lives(group: int) -> bool:
    """True if a process of the group runs; zombies do not count."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _parent, in_group = stat.read_text().rpartition(") ")[2].split()[:3]
            if int(in_group) == group and state != "Z":
                return True
    return False


def _kill_group(group: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def _within(seconds: float, condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
