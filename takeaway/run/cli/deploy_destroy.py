"""deploy, destroy: what the team of one context does, and no other notices."""

from typing import Annotated

import typer

from takeaway.paths import REPOSITORY
from takeaway.run.cli import completing, options
from takeaway.run.cli.output import messages, plain, steps
from takeaway.run.deploy import alone
from takeaway.run.deploy.up import parameters_of

Context = Annotated[
    str,
    typer.Argument(
        metavar="CONTEXT",
        help="orders, promotions, analytics …; also bus, console.",
        autocompletion=completing.contexts,
    ),
]


def deploy(
    context: typer.Context,
    name: Context,
    *,
    parameter: options.ParametersOption = None,
) -> None:
    """Deploy one context as this folder has it, and nothing of any other. First what it reads is held against schemas.

    Ends with what is another than before: settings with their values, resources by their names.

    Starts the engine if none runs. On AWS the same is done by: cd contexts/promotions && npx cdk deploy

    Example: takeaway deploy promotions
    """
    given, extra = options.of(context), options.named(parameter)
    with steps("looking at what it reads of others"):
        given.can_be_read(REPOSITORY, name)
    with given.engine() as (target, progress):
        changed = alone.deploy(target, name, parameters_of(target, extra=extra), progress)
    for line in changed:
        messages.print(plain(line))


def destroy(context: typer.Context, name: Context) -> None:
    """Take one context away with its data (of production it stays). The others go on: events of today can be replayed.

    Example: takeaway destroy analytics
    """
    given = options.of(context)
    with given.turn(), steps("looking at what is there") as progress:
        target = given.target()
        deployable = alone.destroy(target, name, progress)
    if deployable:
        messages.print(f"To bring it back: {plain(target.command(f'deploy {name}'))}")
