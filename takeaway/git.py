"""Call git for a folder, whatever repository this process itself belongs to.

A hook, and `git rebase --exec` in a worktree, sets variables such as GIT_DIR for all that it starts. With them git
would read and write the hook's repository instead of the folder's.
"""

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from takeaway.errors import TookTooLong
from takeaway.programs import LIMIT
from takeaway.waiting import waiting_for

OF_ANOTHER = "GIT_"
_ENVIRONMENT = Lock()


def environment(given: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the environment without git's own variables."""
    return {name: value for name, value in given.items() if not name.startswith(OF_ANOTHER)}


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[bytes]:
    """Run git to its end, whatever its exit code. Raises FileNotFoundError without git, TookTooLong after a limit."""
    command = ["git", *arguments]
    with waiting_for(what := f"git {arguments[0]}", limit=None):
        try:
            return subprocess.run(  # noqa: S603
                command, cwd=folder, env=environment(), capture_output=True, check=False, timeout=LIMIT
            )
        except subprocess.TimeoutExpired:
            raise TookTooLong(what, LIMIT, None) from None


def commit(folder: Path) -> str:
    """Return the short id of the checked-out commit, with "and changes" if there are some; empty without git."""
    try:
        head = run("rev-parse", "--short=12", "HEAD", folder=folder).stdout.decode().strip()
        changed = run("status", "--porcelain", folder=folder).stdout.strip()
    except FileNotFoundError:
        return ""
    return f"{head} and changes" if changed else head


@contextmanager
def none_of_another() -> Iterator[None]:
    """Remove git's variables while the block runs, for a library that calls git itself.

    Threads wait for each other, because they share the environment.
    """
    with _ENVIRONMENT:
        before = dict(os.environ)
        for name in os.environ.keys() - environment().keys():
            del os.environ[name]
        try:
            yield
        finally:
            os.environ.update(before)
