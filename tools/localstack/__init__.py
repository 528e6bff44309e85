"""Run LocalStack for one run of tests: start it on a free port, and stop it whatever happens."""

from pathlib import Path
from typing import Protocol

from takeaway.paths import REPOSITORY

FOLDER = REPOSITORY / ".localstack"  # a run's files and its log


class LocalStack(Protocol):
    """A way to run LocalStack."""

    @property
    def endpoint(self) -> str: ...

    @property
    def log(self) -> Path: ...

    def start(self) -> None:
        """Start it, and return when it answers."""

    def stop(self) -> None:
        """Stop it, and return when only its log is left. Idempotent; also works when it never started."""


class NotPossibleHere(Exception):
    """Raised when LocalStack can't run here; the message says what is missing, and what to do instead."""
