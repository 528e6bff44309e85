"""Ask a person before something is done that can't be undone."""

import sys

import typer

from takeaway.errors import UsageError
from takeaway.waiting_shown import nothing_shown


def is_somebody_there() -> bool:
    """True if standard input is a terminal, so that a question can be answered."""
    return sys.stdin is not None and sys.stdin.isatty()


def agree(question: str, *, unattended: str) -> None:
    """Ask a yes-or-no question, and end the command unless the answer is yes.

    Raises UsageError with the text `unattended` where nobody can be asked, such as in a script.
    """
    if not is_somebody_there():
        raise UsageError(unattended)
    with nothing_shown():
        typer.confirm(question, abort=True, err=True)
