"""Running a program of this project, or a tool, for what it says: waited for in sight of people, and not for ever."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from takeaway.errors import TookTooLong
from takeaway.waiting import waiting_for

LIMIT = 600.0  # seconds; each takes a few

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
    """To its end, whatever that is; `text` is what it reads. Killed, and TookTooLong raised, when the time is up."""
    with waiting_for(what, limit=None):
        try:
            return subprocess.run(  # noqa: S603 - our own programs
                command, cwd=folder, env=environment, input=text, capture_output=True, text=True, check=False,
                timeout=limit,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise TookTooLong(what, limit, None) from None
