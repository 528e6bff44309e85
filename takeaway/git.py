"""Calling git about one folder, whatever repository this process is in.

A hook (and `git rebase --exec` in a worktree) hands GIT_DIR and its like to all that it starts; git would then read and
write the repository of the hook instead of the one that the folder is in.
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
    """Those variables that say nothing of any repository."""
    return {name: value for name, value in given.items() if not name.startswith(OF_ANOTHER)}


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[bytes]:
    """To its end, whatever that is. Raises FileNotFoundError where git is not installed."""
    command = ["git", *arguments]
    with waiting_for(what := f"git {arguments[0]}", limit=None):
        try:
            return subprocess.run(  # noqa: S603
                command, cwd=folder, env=environment(), capture_output=True, check=False, timeout=LIMIT
            )
        except subprocess.TimeoutExpired:
            raise TookTooLong(what, LIMIT, None) from None


def commit(folder: Path) -> str:
    """Which one is checked out, and whether there is more than that; empty without git."""
    try:
        head = run("rev-parse", "--short=12", "HEAD", folder=folder).stdout.decode().strip()
        changed = run("status", "--porcelain", folder=folder).stdout.strip()
    except FileNotFoundError:
        return ""
    return f"{head} and changes" if changed else head


@contextmanager
def none_of_another() -> Iterator[None]:
    """For a library that calls git by itself. Threads take turns: the environment is that of all of them."""
    with _ENVIRONMENT:
        before = dict(os.environ)
        for name in os.environ.keys() - environment().keys():
            del os.environ[name]
        try:
            yield
        finally:
            os.environ.update(before)
