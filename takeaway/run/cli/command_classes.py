"""The classes of all commands: check every argument in one place, and turn failures into a sentence and an exit code.

A failure that is not a bug of this program is told in one sentence. A bug keeps its traceback.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, cast

from click.core import ParameterSource
from rich.text import Text
from typer._click.exceptions import ClickException, NoArgsIsHelpError
from typer.core import TyperCommand, TyperGroup

from takeaway.errors import Interrupted, TakeawayError, UsageError
from takeaway.run.cli.output import messages, results
from takeaway.text import STDIN, one_line
from takeaway.waiting import waiting_for
from takeaway.waiting_shown import waits_shown_on

FAILED, MISUSED, INTERRUPTED = 1, 2, 130


def checked(name: str, value: Any) -> Any:
    """Check and return an argument: text must be one printable line, and a path becomes absolute.

    A relative path would mean another file after the working directory has changed.
    """
    if isinstance(value, Path):
        return value if value == STDIN else value.absolute()
    if isinstance(value, str):
        return one_line(name, value)
    if isinstance(value, list | tuple):
        return type(value)(checked(name, each) for each in value)
    return value


def _check(command: TyperCommand | TyperGroup, context: Any) -> None:
    for parameter in command.params:
        if parameter.name in context.params:
            name = _name(parameter, context.get_parameter_source(parameter.name))
            context.params[parameter.name] = checked(name, context.params[parameter.name])


def _name(parameter: Any, source: ParameterSource | None) -> str:
    """Name the argument as a person gave it: the variable, the long option, or the argument's metavar."""
    if source is not None and source.name == "ENVIRONMENT":
        return str(parameter.envvar)
    is_option = parameter.param_type_name == "option"
    return max(parameter.opts, key=len) if is_option else (parameter.metavar or cast(str, parameter.name).upper())


class Command(TyperCommand):
    def invoke(self, ctx: Any) -> Any:
        """Run the command, shown as what is waited for until a part of it shows its own progress."""
        log = ctx.obj.home.log if ctx.obj else None  # the engine's
        with waiting_for(ctx.command_path, limit=None, log=log, is_all=True):
            return super().invoke(ctx)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        rest = super().parse_args(ctx, args)
        _check(self, ctx)
        return rest


class Commands(TyperGroup):
    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        rest = super().parse_args(ctx, args)
        _check(self, ctx)
        return rest

    def invoke(self, ctx: Any) -> Any:
        """Raise Interrupted for Ctrl-C, because Typer would exit with a code and lose the sentence."""
        try:
            with waits_shown_on(messages, results):
                return super().invoke(ctx)
        except KeyboardInterrupt as interrupt:
            raise Interrupted(str(interrupt)) from None


def as_program(main: Callable[[], int | None]) -> int:
    """Run a program of tools/ like a command: with progress, failures as sentences, and the same exit codes."""
    try:
        with waits_shown_on(messages, results):
            return main() or 0
    except KeyboardInterrupt:
        failure = Failure(INTERRUPTED, str(Interrupted()))
    except Exception as error:
        if (found := failure_of(error)) is None:
            raise
        failure = found
    messages.print(Text.assemble(("✗", "red"), f" {failure.sentence}"))
    return failure.code


class Failure(NamedTuple):
    code: int
    sentence: str  # empty where everything has been said


def failure_of(error: Exception) -> Failure | None:
    """Return the exit code and sentence for an error; None for a bug, which is shown with its traceback."""
    match error:
        case TakeawayError():
            code = {UsageError: MISUSED, Interrupted: INTERRUPTED}.get(type(error), FAILED)
            return Failure(code, "".join(f"{note}: " for note in getattr(error, "__notes__", ())) + str(error))
        case ClickException():
            return Failure(error.exit_code, _misuse(error))
        case BrokenPipeError():
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # the reader, such as `head`, has closed the pipe
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
