"""The commands deploy and destroy: change the stack of one context, so that no other context notices."""

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
    """Deploy one context from this folder, and no other.

    It checks first that the schemas have the event fields that the context reads. It prints at the end what changed:
    settings with their values, and resources by name.

    Starts the engine if none runs. On AWS the same is done by: cd contexts/promotions && npx cdk deploy

    Example: takeaway deploy promotions
    """
    given, extra = options.of(context), options.named(parameter)
    with steps("checking the event fields that it reads"):
        given.can_be_read(REPOSITORY, name)
    with given.engine() as (target, progress):
        changed = alone.deploy(target, name, parameters_of(target, extra=extra), progress)
    for line in changed:
        messages.print(plain(line))


def destroy(context: typer.Context, name: Context) -> None:
    """Destroy one context with its data; in production the data stays. The others go on.

    Deployed again, it can have the events of today: see `takeaway replay`.

    Example: takeaway destroy analytics
    """
    given = options.of(context)
    with given.turn(), steps("looking at what is there") as progress:
        target = given.target()
        deployable = alone.destroy(target, name, progress)
    if deployable:
        messages.print(f"To bring it back: {plain(target.command(f'deploy {name}'))}")
