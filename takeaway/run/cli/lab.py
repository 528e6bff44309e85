"""The commands lab start and lab reset: bring the system to the state that a lab expects, whatever was before."""

from collections.abc import Sequence
from typing import Annotated

import typer

from takeaway.errors import NoRunningSystem
from takeaway.paths import REPOSITORY
from takeaway.run.cli import options
from takeaway.run.cli.asking import agree
from takeaway.run.cli.command_classes import Command, Commands
from takeaway.run.cli.output import Steps, messages, plain, results
from takeaway.run.client import health_text
from takeaway.run.client.system import System
from takeaway.run.client.target import Target
from takeaway.run.deploy import alone, apps
from takeaway.run.deploy.parameters import DEFAULT_DELIVERY_TIMEOUT, Parameters
from takeaway.run.deploy.up import bring_up
from takeaway.run.lab import ending, folder
from takeaway.run.lab.beginning import Beginning, beginning_of

MOST_LISTED = 12
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask: put edits aside, and destroy stacks that were added.")]
Keep = Annotated[bool, typer.Option("--keep", help="Keep edits and added contexts as they are.")]


def start(
    context: typer.Context,
    number: Annotated[int, typer.Argument(metavar="N", min=1, max=99, help="The number of a lab of docs/labs.")],
    *,
    yes: Yes = False,
    keep: Keep = False,
) -> None:
    """Bring the system to the start of lab N, whatever was before: its wiring and timeouts, no open order, no outage.

    Starts the engine if none runs. Edits of files are put aside by git, after asking: `git stash pop` brings them back.

    Example: takeaway lab start 3
    """
    beginning = beginning_of(number)
    _bring(context, beginning, yes=yes, keep=keep)
    assert beginning.page  # noqa: S101 - a lab has one
    results.print(f"[bold]{plain(beginning.title)}[/]  {plain(beginning.page.relative_to(REPOSITORY))}")


def reset(context: typer.Context, *, yes: Yes = False, keep: Keep = False) -> None:
    """Bring the system to its state without a lab: hybrid, the default timeouts, no open order, no outage.

    Edits of files are put aside by git, after asking: `git stash pop` brings them back.

    Example: takeaway lab reset
    """
    _bring(context, Beginning(), yes=yes, keep=keep)
    results.print("as before any lab")


def _bring(context: typer.Context, beginning: Beginning, *, yes: bool, keep: bool) -> None:
    given = options.of(context)
    edits = [] if keep else folder.edits()
    added = [] if keep else _added(given, edits)
    if (edits or added) and not yes:
        question = _question(edits, added)
        agree(question, unattended=f"{question} Where nobody can be asked, say --yes or --keep.")
    if edits:
        folder.put_aside(f"before {beginning.title}")
        messages.print("[green]✓[/] your edits are put aside: [bold]git stash pop[/] brings them back")
    with given.engine() as (target, progress):
        if system := _running(target):
            _end(system, progress)
            for name in added:
                alone.remove(target, name, progress)
        progress.step("deploying the lab's system")
        parameters = Parameters(target.stage, beginning.accept_timeout, DEFAULT_DELIVERY_TIMEOUT, beginning.wiring)
        bring_up(target, parameters, progress, lambda: given.can_be_read(REPOSITORY, None))
        if moved := ending.work_off_dead_letters(System(target)):
            progress.done(f"{health_text.dead_letters(moved)} back in the queue")


def _running(target: Target) -> System | None:
    system = System(target)
    try:
        return system if system.stacks.has("orders") else None
    except NoRunningSystem:
        return None


def _end(system: System, progress: Steps) -> None:
    progress.step("ending outages")
    for name in ending.end_outages(system):
        progress.done(f"{name} is at work again")
    progress.step("ending open orders, as their customers and restaurants would")
    if ended := ending.end_orders(system):
        progress.done(f"{ended} open order{'' if ended == 1 else 's'} ended")


def _added(given: options.Options, edits: Sequence[str]) -> list[str]:
    """Name the deployed contexts that will not be in this folder once its edits are put aside."""
    try:
        deployed = System(given.target()).stacks.by_context
    except NoRunningSystem:
        return []
    return [name for name in deployed if not apps.is_deployable(name) or _is_new(name, edits)]


def _is_new(name: str, edits: Sequence[str]) -> bool:
    return f"contexts/{name}/__init__.py" in edits


def _question(edits: Sequence[str], added: Sequence[str]) -> str:
    more = f"\n  and {len(edits) - MOST_LISTED} more" if len(edits) > MOST_LISTED else ""
    listed = "".join(f"\n  {each}" for each in edits[:MOST_LISTED])
    files = f"These files are not as they were committed:{listed}{more}\nPut them aside (git stash)?" if edits else ""
    stacks = f"Destroy {' and '.join(added)}, with {'its' if len(added) == 1 else 'their'} data?" if added else ""
    return " ".join(each for each in (files, stacks) if each)


app = typer.Typer(cls=Commands, no_args_is_help=True)
for command in (start, reset):
    app.command(cls=Command)(options.on_stage(command))


@app.callback()
def lab() -> None:
    """Do a lab of docs/labs: start N brings the system to the lab's start, reset to its state without a lab."""
