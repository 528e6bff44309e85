"""The door of every command: what was typed is checked here, once, whichever command and option it is meant for."""

from pathlib import Path
from typing import Any, cast

from click.core import ParameterSource
from typer.core import TyperCommand, TyperGroup

from takeaway.errors import Interrupted
from takeaway.text import STDIN, one_line


def checked(name: str, value: Any) -> Any:
    """Text is a line that can be stored, sent and shown; a path means the same in whatever folder it is used."""
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
    """As a person knows it."""
    if source is not None and source.name == "ENVIRONMENT":
        return str(parameter.envvar)
    is_option = parameter.param_type_name == "option"
    return max(parameter.opts, key=len) if is_option else (parameter.metavar or cast(str, parameter.name).upper())


class Command(TyperCommand):
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
        """Typer would make an exit code of an interrupt, and lose what there is to say of it."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as interrupt:
            raise Interrupted(str(interrupt)) from None
