"""What is typed before the command, and what every command makes of it."""

import shlex
import sys
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, cast

import typer
from rich.markup import escape

from takeaway.cli.output import messages
from takeaway.client.system import System
from takeaway.client.target import Target, resolve
from takeaway.engine.home import Home
from takeaway.errors import UsageError

StageOption = Annotated[
    str | None, typer.Option(envvar="TAKEAWAY_STAGE", help="Which deployment is meant: dev, test, prod …")
]
ParametersOption = Annotated[
    list[str] | None, typer.Option("--parameter", "-c", metavar="NAME=VALUE", help="Any other CDK context.")
]


@dataclass(frozen=True)
class Options:
    home: Home
    stage: str | None
    profile: str | None

    def target(self, *, stage: str | None = None) -> Target:
        return resolve(self.home, stage=stage or self.stage, profile=self.profile)

    def turn(self) -> AbstractContextManager[None]:
        """For a command that deploys or destroys: one after the other, from one state folder."""

        def wait_for(command: str) -> None:
            messages.print(f"{escape(command)} is at work in {escape(str(self.home.folder))}: waiting for its end")

        return self.home.turn(shlex.join(["takeaway", *sys.argv[1:]]), wait_for)

    def system(self) -> System:
        return System(self.target())


def read(
    context: typer.Context,
    stage: StageOption = None,
    profile: Annotated[
        str | None, typer.Option(envvar="AWS_PROFILE", help="Talk to AWS with this profile of its configuration.")
    ] = None,
    home: Annotated[
        Path | None, typer.Option(envvar="TAKEAWAY_HOME", help="State folder of the engine (default: .takeaway).")
    ] = None,
) -> None:
    """An order-and-delivery system that runs on this machine: one context orchestrates, the others react.

    [bold]takeaway up[/] starts everything. [bold]order FILE[/] places an order, [bold]accept ID[/] and
    [bold]complete ID[/] are what its restaurant does, [bold]journey ID[/] tells all that happened.
    [bold]demo[/] shows all of it by itself.

    Commands talk to what AWS_ENDPOINT_URL names; else to AWS, if there is a profile; else to the engine that runs here.
    """
    context.obj = Options(Home(home), stage, profile)


def of(context: typer.Context) -> Options:
    return cast(Options, context.obj)


def named(parameters: list[str] | None) -> dict[str, str]:
    """What was given as NAME=VALUE, once or several times. Raises UsageError."""
    found = [each.partition("=") for each in parameters or []]
    for name, equals, value in found:
        if not (name and equals):
            raise UsageError(f"--parameter takes NAME=VALUE, not {name + equals + value!r}.")
    return {name: value for name, _, value in found}
