"""The command dev: brings changes of this folder to the engine within seconds."""

from datetime import UTC, datetime

import typer

from takeaway.clock import clock
from takeaway.paths import REPOSITORY
from takeaway.run.cli import options
from takeaway.run.cli.output import messages, plain, results, steps
from takeaway.run.deploy import alone
from takeaway.run.deploy.assembly import Assembly
from takeaway.run.deploy.deployment import context_of, synthesize
from takeaway.run.deploy.up import bring_up, parameters_of
from takeaway.wiring import Wiring


def dev(context: typer.Context, *, parameter: options.ParametersOption = None) -> None:
    """Watch this folder and bring each change to the engine: code and workflows at once, templates by a deployment.

    Begins with what `takeaway up` does. A line for each change says what was done, or why something else is needed.
    Ctrl-C ends it; the engine goes on with what is deployed.

    Example: takeaway dev
    """
    from takeaway.run.dev.bringing import Development  # noqa: PLC0415 - loading it would slow `--help` down
    from takeaway.run.dev.watching import changes  # noqa: PLC0415

    given, extra = options.of(context), options.named(parameter)
    with given.engine() as (target, progress):
        parameters = parameters_of(target, extra=extra)
        stacks = bring_up(target, parameters, progress, lambda: given.can_be_read(REPOSITORY, None)).stacks
        progress.step("looking at what is deployed")

        def deploy(name: str) -> Assembly:
            given.can_be_read(REPOSITORY, name)
            with steps(f"deploying {name}") as progress:
                changed = alone.deploy(target, name, parameters, progress)
            for line in changed:
                _tell(f"{name}: {line}")
            return Assembly(target.home.last_assembly(target.stage), target.prefix)

        deployed = context_of(target, parameters.where(stacks.wiring))
        development = Development(target, Wiring(deployed["system"]), deploy, _tell)
        development.follow(synthesize(target, deployed))
    try:
        for changed in changes():
            if not changed:
                messages.print("Watching this folder: Ctrl-C ends it.")
            with given.turn():
                development.bring(changed)
    except KeyboardInterrupt:
        messages.print("The engine goes on with what it has.")


def _tell(line: str) -> None:
    results.print(f"[dim]{clock(datetime.now(UTC))}[/]  {plain(line)}")
