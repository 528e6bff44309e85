"""LocalStack for one run of tests: started on a free port, and stopped whatever happens."""

from pathlib import Path
from typing import Protocol

from takeaway.paths import REPOSITORY

FOLDER = REPOSITORY / ".localstack"  # what a run needs and leaves: its log


class LocalStack(Protocol):
    """One way of having it."""

    @property
    def endpoint(self) -> str: ...

    @property
    def log(self) -> Path: ...

    def start(self) -> None:
        """Returns when it answers."""

    def stop(self) -> None:
        """Returns when nothing of it is left but its log. Safe to do again, and when it never started."""


class NotPossibleHere(Exception):
    """The message says what is missing, and what to do instead."""
