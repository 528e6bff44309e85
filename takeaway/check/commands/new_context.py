"""The command new-context: generates a context that reacts to an event."""

from typing import Annotated

import typer

from takeaway.run.cli import options
from takeaway.run.cli.output import AsJson, messages, plain, print_json, results, steps


def new_context(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The context's name, such as loyalty.")],
    *,
    on: Annotated[str, typer.Option(metavar="EVENT", help="The event; SOURCE@EVENT if several sources have it.")],
    as_json: AsJson = False,
) -> None:
    """Generate a context that subscribes to an event: code, stack, tests, README, pipeline.

    It receives the event as soon as it is deployed; what it does about it is for you to write. The publisher is not
    changed and does not know of it.

    Example: takeaway new-context loyalty --on order_completed
    """
    from takeaway.check.new_context import NewContext, generate  # noqa: PLC0415 - it would slow others down

    new = NewContext(name, on)
    with steps("looking at what is there") as progress:
        made = generate(new, log=options.of(context).home.folder / "new-context.log", step=progress.step)
    if as_json:
        print_json(made)
        return
    for file in made.new:
        results.print(f"[green]new[/]      {plain(file)}")
    for file in made.changed:
        results.print(f"[yellow]changed[/]  {plain(file)}")
    messages.print(f"[green]✓[/] contexts/{name} reacts to {on}; its rules go into contexts/{name}/domain")
    messages.print("[bold]next[/]  make check && takeaway up")
