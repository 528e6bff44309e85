"""Run a program for its output, with progress for people and a time limit."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from takeaway.errors import TookTooLong
from takeaway.waiting import waiting_for

LIMIT = 600.0  # seconds; programs usually take a few

Done = subprocess.CompletedProcess[str]


def done(
    command: Sequence[str | Path],
    *,
    what: str,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    text: str | None = None,
    limit: float = LIMIT,
) -> Done:
    """Run a program to its end, whatever its exit code; `text` is its standard input.

    Raises TookTooLong, after killing it, when it has not ended after `limit` seconds.
    """
    with waiting_for(what, limit=None):
        try:
            return subprocess.run(  # noqa: S603 - only programs of this project
                command, cwd=folder, env=environment, input=text, capture_output=True, text=True, check=False,
                timeout=limit,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise TookTooLong(what, limit, None) from None
