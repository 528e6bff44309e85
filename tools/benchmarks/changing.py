"""Measure the way of a change to the engine: `takeaway up`, `takeaway dev`, and what is run before a commit.

In a copy of this folder, so that files can be edited. One of them is edited first, so that no assembly is kept of it.
"""

import os
import pty
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from takeaway import git
from takeaway.run.engine.environment import free_port
from tools.copies import copy_repository, environment_in, know_types

LONGEST = 120.0  # seconds that a change may take


@dataclass(frozen=True)
class Change:
    """An edit of a file, and the words with which `takeaway dev` says that the engine has it."""

    what: str
    file: str
    before: str
    after: str
    said: str
    goal: str

    def make(self, copy: Path) -> None:
        path = copy / self.file
        path.write_text(path.read_text(encoding="utf-8").replace(self.before, self.after) + "\n", encoding="utf-8")


OF_ALL_TEMPLATES = Path("shared/infrastructure/deployment.py")
CHANGES = (
    Change("a handler", "contexts/promotions/handlers/issue_voucher.py", "", "", "function has the new code", "≤ 2 s"),
    Change(
        "the workflow",
        "contexts/orders/workflow/order.asl.json",
        '"MaxDelaySeconds": 30',
        '"MaxDelaySeconds": 29',
        "has the new definition",
        "≤ 2 s",
    ),
    Change(
        "what a template is made from",
        "contexts/promotions/voucher_policy.toml",
        "percent = 10",
        "percent = 15",
        "deployed by its own app",
        "≤ 8 s",
    ),
)


def rows() -> Iterator[tuple[str, str, str, str]]:
    with tempfile.TemporaryDirectory(prefix="takeaway-bench-") as folder:
        copy = copy_repository(Path(folder) / "takeaway")
        know_types(copy)
        git.run("init", "--quiet", folder=copy)
        environment = environment_in(copy)
        for time_, before, goal in (("the first time", "91 s", "≤ 45 s"), ("again", "40 s", "≤ 25 s")):
            yield f"check, {time_}", before, _check(environment, copy), goal

        def up(*options: str) -> str:
            return _timed(lambda: _takeaway(environment, copy, "up", *options))

        with (copy / OF_ALL_TEMPLATES).open("a", encoding="utf-8") as source:
            source.write(f"# edited at {time.time()}\n")
        yield "up, with nothing deployed and all templates to make", "12.7 s", up("--port", str(free_port())), "≤ 8 s"
        try:
            yield "up, with nothing to do", "", up(), "≤ 0.5 s"
            with _watching(environment, copy) as said:
                for change in CHANGES:
                    change.make(copy)
                    yield f"dev: {change.what}", "", _until(said, change.said), change.goal
        finally:
            _takeaway(environment, copy, "down", "--forget")
        yield "the demo, as read in a terminal", "", _seconds_in_a_terminal(environment, copy), "≤ 45 s"


def _takeaway(environment: dict[str, str], copy: Path, *command: str) -> None:
    asked = [sys.executable, "-m", "takeaway", *command]
    subprocess.run(asked, check=True, cwd=copy, env=environment, capture_output=True)


def _timed(run: Callable[[], object]) -> str:
    begun = time.monotonic()
    run()
    return f"{time.monotonic() - begun:.1f} s"


@contextmanager
def _watching(environment: dict[str, str], copy: Path) -> Iterator[IO[str]]:
    """Run `takeaway dev`, and yield what it says from when it watches."""
    with subprocess.Popen(
        [sys.executable, "-m", "takeaway", "dev"],
        cwd=copy, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    ) as dev:  # fmt: skip
        try:
            assert dev.stdout
            _until(dev.stdout, "Watching")
            yield dev.stdout
        finally:
            dev.terminate()


def _until(said: IO[str], words: str) -> str:
    """Return the seconds until a line has these words."""
    begun = time.monotonic()
    for line in said:
        if words in line:
            return f"{time.monotonic() - begun:.1f} s"
        if time.monotonic() > begun + LONGEST:
            break
    raise SystemExit(f"`takeaway dev` has not said {words!r} within {LONGEST:.0f} s")


def _seconds_in_a_terminal(environment: dict[str, str], copy: Path) -> str:
    ours, theirs = pty.openpty()
    demo = subprocess.Popen([sys.executable, "-m", "takeaway", "demo"], cwd=copy, env=environment, stdout=theirs)
    os.close(theirs)

    def read_to_the_end() -> None:
        try:
            while os.read(ours, 4096):
                pass
        except OSError:  # Linux says that a terminal has ended by an error
            pass
        demo.wait()

    return _timed(read_to_the_end)


def _check(environment: dict[str, str], copy: Path) -> str:
    command = ["make", "--old-file=setup", "check", "NO_BASE=1"]
    return _timed(lambda: subprocess.run(command, check=True, cwd=copy, env=environment, capture_output=True))
