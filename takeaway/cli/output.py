"""How results and progress are shown: results on standard output, everything else on standard error."""

import dataclasses
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.status import Status

WIDE = None if sys.stdout.isatty() or "COLUMNS" in os.environ else 160  # a file or a log has no width of its own
results = Console(highlight=False, soft_wrap=True, width=WIDE)
messages = Console(stderr=True, highlight=False, soft_wrap=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]


def print_json(value: object) -> None:
    """One JSON document. Objects of ours become their fields."""
    print(json.dumps(value, default=_plain, ensure_ascii=False, indent=2))


def print_json_line(value: object) -> None:
    print(json.dumps(value, default=_plain, ensure_ascii=False), flush=True)


def clock(at: datetime) -> str:
    """Local time to the millisecond."""
    return at.astimezone().strftime("%H:%M:%S.") + f"{at.microsecond // 1000:03d}"


def lasted(time: timedelta) -> str:
    seconds = time.total_seconds()
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


class Steps:
    """Progress as lines that stay, with a spinner for what is being done."""

    def __init__(self, status: Status) -> None:
        self._status = status

    def step(self, doing: str) -> None:
        self._status.update(f"{doing} …")

    def done(self, what: str) -> None:
        messages.print(f"[green]✓[/] {what}")

    def finished(self) -> None:
        """What comes now is not progress any more: the spinner would be in its way."""
        self._status.stop()


@contextmanager
def steps(doing: str) -> Iterator[Steps]:
    with messages.status(f"{doing} …") as status:
        yield Steps(status)


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    raise TypeError(f"no JSON for {type(value).__name__}")
