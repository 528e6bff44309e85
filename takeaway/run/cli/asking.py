"""Asking before something is done that can't be undone."""

import sys

import typer

from takeaway.errors import UsageError
from takeaway.waiting_shown import nothing_shown


def is_somebody_there() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def agree(question: str, *, unattended: str) -> None:
    """Go on only if somebody says yes. Raises UsageError, with what is told where nobody can be asked."""
    if not is_somebody_there():
        raise UsageError(unattended)
    with nothing_shown():
        typer.confirm(question, abort=True, err=True)
