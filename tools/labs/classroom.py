"""Do labs in a copy of the repository with an engine of its own, where commands run as typed."""

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from takeaway import git
from takeaway.paths import REPOSITORY, contexts
from takeaway.run.client import outputs
from takeaway.run.client.target import Target
from takeaway.run.deploy.parameters import Parameters
from takeaway.run.engine import process
from takeaway.run.engine.home import Home
from takeaway.waiting_shown import without_waits
from takeaway.wiring import Wiring
from tools.copies import copy_repository, environment_in
from tools.labs.lesson import Step

STAGE = "dev"
# A factor for the workflows' waits between retries; their timeouts stay as they are.
SOON = {"SFN_WAIT_SCALE": "0.1"}
DEADLINE_SECONDS = 500
NEXT = "\x1e"  # printed before each step, to split the output


@dataclass(frozen=True)
class Done:
    """The output of each step that ran; `code` is not 0 if the last of them failed."""

    seen: Sequence[str]
    code: int


class Classroom:
    def __init__(self, folder: Path, retries: dict[str, str]) -> None:
        self._folder, self._retries = copy_repository(folder), retries
        leave_caches(self._folder)
        self._git("init", "--quiet")
        self._git("add", ".")
        self._commit()
        self._home = Home(folder / ".takeaway")
        self._start()

    def do(self, steps: Sequence[Step]) -> Done:
        """Run the steps in one shell, until a command fails."""
        script = "".join(f"printf '\\036'\n{step.commands}\n" for step in steps)
        with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
            code = self._run(["bash", "-euo", "pipefail", "-c", script], output.fileno())
            output.seek(0)
            return Done(without_waits(output.read()).split(NEXT)[1:], code)

    def left(self) -> list[str]:
        """List what a lab has left changed, in the folder and in the deployed system."""
        status = git.run("status", "--porcelain", folder=self._folder).stdout.decode().splitlines()
        target = Target(self._home, STAGE, endpoint=self._endpoint)
        stacks, deployed = outputs.read(target), target.deployed()
        if not stacks.by_context:
            return status
        usual = Parameters()
        found = (stacks.wiring, deployed["accept_timeout"], deployed["delivery_timeout"], set(stacks.by_context))
        wanted = (
            Wiring.HYBRID,
            usual.accept_timeout,
            usual.delivery_timeout,
            {"bus", *contexts(REPOSITORY)},
        )
        return [*status, *(f"{a} instead of {b}" for a, b in zip(found, wanted, strict=True) if a != b)]

    def tidy(self) -> None:
        """Restore the folder and start a new engine, whatever a lab has left behind."""
        self._git("reset", "--quiet", "--hard")
        self._git("clean", "--quiet", "--force", "-d")
        self.close()
        self._start()

    def close(self) -> None:
        if running := self._home.running():
            process.stop(self._home, running)

    def _start(self) -> None:
        self._endpoint = process.start_anywhere(self._home, stage=STAGE, extra_environment=self._retries).endpoint

    def _run(self, command: list[str], output: int) -> int:
        # No pipe, because a process left in the background would keep it open.
        with subprocess.Popen(
            command, cwd=self._folder, env=environment_in(self._folder), stdin=subprocess.DEVNULL, stdout=output,
            stderr=subprocess.STDOUT, start_new_session=True,
        ) as shell:  # fmt: skip
            try:
                return shell.wait(DEADLINE_SECONDS)
            except BaseException:
                os.killpg(shell.pid, signal.SIGTERM)
                raise

    def _git(self, *arguments: str) -> None:
        git.run(*arguments, folder=self._folder).check_returncode()

    def _commit(self) -> None:
        somebody = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.com")
        self._git(*somebody, "commit", "--quiet", "--no-verify", "--message=As it is")


def leave_caches(folder: Path) -> None:
    """Leave Python caches as after an earlier lab: git ignores and keeps them, and commands must cope with them."""
    for done_before in ("contexts/loyalty", "contexts/loyalty/infrastructure", "tests/loyalty"):
        cache = folder / done_before / "__pycache__"
        cache.mkdir(parents=True)
        (cache / "__init__.cpython-311.pyc").touch()


@contextmanager
def opened(*, impatient: bool) -> Iterator[Classroom]:
    """Yield a classroom; folder and engine are removed afterwards. `impatient` shortens the waits between retries."""
    with tempfile.TemporaryDirectory(prefix="takeaway-labs-", ignore_cleanup_errors=True) as folder:
        classroom = Classroom(Path(folder) / f"my {REPOSITORY.name}", SOON if impatient else {})
        try:
            yield classroom
        finally:
            classroom.close()
