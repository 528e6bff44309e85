"""The options that all commands share, and the Options object through which commands find engine and stage."""

import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from functools import cached_property, wraps
from importlib import metadata
from inspect import Parameter, signature
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from rich.markup import escape

from shared.stage_names import EXPECTED, is_stage
from takeaway import git
from takeaway.errors import TakeawayError, UsageError
from takeaway.paths import REPOSITORY
from takeaway.run.cli.output import Steps, messages, results, steps, warn
from takeaway.run.client.orders import meant
from takeaway.run.client.system import System
from takeaway.run.client.target import DEFAULT_STAGE, Target, resolve
from takeaway.run.deploy.running import found_or_started
from takeaway.run.engine.home import Home

STAGE_HELP = "The deployment: dev, test, prod …"
ParametersOption = Annotated[
    list[str] | None, typer.Option("--parameter", "-c", metavar="NAME=VALUE", help="A further CDK context value.")
]


# Checks that events have the fields that a context reads (None: all contexts). Raises TakeawayError.
Check = Callable[[Path, str | None], None]


@dataclass(frozen=True)
class Options:
    """The shared options of one call. `can_be_read` is the check that runs before a deployment."""

    home: Home
    stage: str | None
    profile: str | None
    can_be_read: Check

    def target(self) -> Target:
        return resolve(self.home, stage=self.stage, profile=self.profile)

    def turn(self) -> AbstractContextManager[None]:
        """Wait for other commands that deploy or destroy from this state folder, because one must run at a time."""

        def wait_for(command: str) -> None:
            messages.print(f"{escape(command)} is at work in {escape(str(self.home.folder))}: waiting for its end")

        return self.home.turn(shlex.join(["takeaway", *sys.argv[1:]]), wait_for)

    @contextmanager
    def engine(self, port: int | None = None) -> Iterator[tuple[Target, Steps]]:
        """Wait for this command's turn, and yield the running engine; starts one if none runs."""
        found = found_or_started(self.target, home=self.home, port=port, stage=self.stage, told=warn)
        with self.turn(), steps("starting the engine") as progress, found as (target, started):
            if started:
                progress.done(f"engine started, process {started.pid}")
            yield target, progress

    def system(self) -> System:
        return self._system

    @cached_property
    def _system(self) -> System:
        return System(self.target())


def reading(can_be_read: Check) -> Callable[..., None]:
    """Make the callback that reads the options before a command.

    `can_be_read` is handed in, because takeaway/run must not import takeaway/check.
    """

    def read(
        context: typer.Context,
        stage: Annotated[str | None, typer.Option(envvar="TAKEAWAY_STAGE", help=STAGE_HELP)] = None,
        profile: Annotated[
            str | None, typer.Option(envvar="AWS_PROFILE", help="Talk to AWS with this profile of its configuration.")
        ] = None,
        home: Annotated[
            Path | None, typer.Option(envvar="TAKEAWAY_HOME", help="State folder of the engine (default: .takeaway).")
        ] = None,
        version: Annotated[  # noqa: ARG001, FBT002 - its callback prints it, and ends the program
            bool, typer.Option("--version", is_eager=True, callback=_say_version, help="Say which version this is.")
        ] = False,
    ) -> None:
        """An order-and-delivery system that runs on this machine: one context orchestrates, the others react.

        [bold]takeaway up[/] starts everything. [bold]order FILE[/] places an order, [bold]accept ID[/] and
        [bold]complete ID[/] are what its restaurant does, [bold]journey ID[/] tells all that happened.
        [bold]demo[/] shows all of it by itself.

        Commands talk to what AWS_ENDPOINT_URL names; else to AWS, if there is a profile; else to the engine that runs
        here.
        """
        context.obj = Options(Home(home), _known(stage), profile, can_be_read)

    return read


def _say_version(wanted: bool) -> None:  # noqa: FBT001
    """Print the package's version, in a clone with the commit, and end."""
    if wanted:
        commit = git.commit(REPOSITORY)
        results.print(f"takeaway {metadata.version('takeaway')}{f' ({commit})' if commit else ''}")
        raise typer.Exit


def of(context: typer.Context) -> Options:
    """Return the options that were read for this call."""
    return cast(Options, context.obj)


def on_stage(command: Callable[..., None]) -> Callable[..., None]:
    """Let a command take `--stage` after its name as well, and let its errors name a stage that is not the default.

    Also turns an argument `order_id` that is `last`, or the beginning of an id, into the whole id.
    """

    @wraps(command)
    def on_the_stage(*, stage: str | None = None, **given: Any) -> None:
        context = given["context"]
        if stage:
            context.obj = replace(of(context), stage=_known(stage))
        try:
            if "order_id" in given:
                given["order_id"] = meant(of(context).system(), given["order_id"])
            command(**given)
        except TakeawayError as error:
            stage_meant = of(context).stage or DEFAULT_STAGE
            if stage_meant != DEFAULT_STAGE and f"stage {stage_meant}" not in str(error):
                error.add_note(f"Stage {stage_meant}")
            raise

    option = Annotated[str | None, typer.Option("--stage", help=STAGE_HELP)]
    parameters = [each.replace(kind=Parameter.KEYWORD_ONLY) for each in signature(command).parameters.values()]
    parameters.append(Parameter("stage", Parameter.KEYWORD_ONLY, default=None, annotation=option))
    on_the_stage.__signature__ = signature(command).replace(parameters=parameters)  # type: ignore[attr-defined]
    on_the_stage.__annotations__ = {**command.__annotations__, "stage": option}
    return on_the_stage


def _known(stage: str | None) -> str | None:
    if stage is not None and not is_stage(stage):
        raise UsageError(f"--stage: expected {EXPECTED}, got {stage!r}.")
    return stage


def named(parameters: list[str] | None) -> dict[str, str]:
    """Split parameters given as NAME=VALUE. Raises UsageError for one without a name or `=`."""
    found = [each.partition("=") for each in parameters or []]
    for name, equals, value in found:
        if not (name and equals):
            raise UsageError(f"--parameter takes NAME=VALUE, not {name + equals + value!r}.")
    return {name: value for name, _, value in found}
