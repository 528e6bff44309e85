"""Whatever can go wrong without being a fault of this program, as a sentence and an exit code."""

import os
from typing import NamedTuple

from typer._click.exceptions import ClickException, NoArgsIsHelpError

from takeaway.errors import Interrupted, TakeawayError, UsageError

FAILED, MISUSED, INTERRUPTED = 1, 2, 130


class Failure(NamedTuple):
    code: int
    sentence: str  # empty where everything has been said


def failure_of(error: Exception) -> Failure | None:
    """None for a fault of this program, which is told with its traceback."""
    match error:
        case TakeawayError():
            code = {UsageError: MISUSED, Interrupted: INTERRUPTED}.get(type(error), FAILED)
            return Failure(code, "".join(f"{note}: " for note in getattr(error, "__notes__", ())) + str(error))
        case ClickException():
            return Failure(error.exit_code, _misuse(error))
        case BrokenPipeError():
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # who reads it has seen enough
            return Failure(FAILED, "")
        case OSError():
            why = error.strerror or str(error)
            return Failure(FAILED, f"{error.filename}: {why}." if error.filename else f"{why}.")
    is_botocores = type(error).__module__.startswith("botocore")
    return Failure(FAILED, f"The engine refused or did not answer: {error}") if is_botocores else None


def _misuse(error: ClickException) -> str:
    context = getattr(error, "ctx", None)
    if isinstance(error, NoArgsIsHelpError):
        return ""  # the help was shown
    said = error.format_message()
    return f"{said.rstrip('.')}: see `{context.command_path} --help`." if context else said
