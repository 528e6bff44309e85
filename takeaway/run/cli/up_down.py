"""The commands up, which starts the engine and deploys everything, and down, which stops the engine."""

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated

import typer

from takeaway.paths import REPOSITORY
from takeaway.run.cli import options
from takeaway.run.cli.output import AsJson, messages, plain, print_json, results, steps
from takeaway.run.cli.status import facts_of
from takeaway.run.client.target import Target
from takeaway.run.deploy.parameters import DEFAULT_ACCEPT_TIMEOUT, DEFAULT_DELIVERY_TIMEOUT
from takeaway.run.deploy.up import Deployed, bring_up, parameters_of
from takeaway.run.engine import process
from takeaway.wiring import Wiring

DEFAULTS: Mapping[str, object] = {
    "system": Wiring.HYBRID,
    "accept_timeout": DEFAULT_ACCEPT_TIMEOUT,
    "delivery_timeout": DEFAULT_DELIVERY_TIMEOUT,
}
# Both timeouts and the rest of the order have to fit into the year that a Step Functions execution may last.
LONGEST_WAIT = 180 * 86_400


def up(
    context: typer.Context,
    *,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="The engine's port (default 4566).")] = None,
    accept_timeout: Annotated[
        int | None,
        typer.Option(min=1, max=LONGEST_WAIT, metavar="SECONDS", help="Time for a restaurant to answer (600)."),
    ] = None,
    delivery_timeout: Annotated[
        int | None,
        typer.Option(min=1, max=LONGEST_WAIT, metavar="SECONDS", help="Time for the delivery (5400)."),
    ] = None,
    wiring: Annotated[
        Wiring | None, typer.Option("--system", help="The wiring of orders (default: as it runs, else hybrid).")
    ] = None,
    parameter: options.ParametersOption = None,
    as_json: AsJson = False,
) -> None:
    """Start the engine and deploy everything to it, or bring what runs up to date.

    It can be run again at any time: it finds the running system and deploys only what has changed. With
    AWS_ENDPOINT_URL set, such as to LocalStack, it deploys there and starts no engine.

    Example: takeaway up --accept-timeout 20
    """
    given = options.of(context)
    extra = options.named(parameter)
    with given.engine(port) as (target, progress):
        chosen = parameters_of(
            target, accept_timeout=accept_timeout, delivery_timeout=delivery_timeout, system=wiring, extra=extra
        )
        deployed = bring_up(target, chosen, progress, lambda: given.can_be_read(REPOSITORY, None))
    if as_json:
        print_json(facts_of(target, deployed.stacks))
    else:
        _tell(target, deployed)


def down(
    context: typer.Context,
    *,
    forget: Annotated[bool, typer.Option("--forget", help="Also remove the state folder with log and key.")] = False,
) -> None:
    """Stop the engine that `takeaway up` started. Its data is lost.

    The log and the issuer's key stay in the state folder.

    Example: takeaway down && takeaway up
    """
    home = options.of(context).home
    running = home.running()
    if running is None:
        died = home.bury()
        messages.print(f"{plain(died.told(home.log_of_dead))}." if died else "Nothing runs here.")
    else:
        with steps("stopping the engine"):
            process.stop(home, running)
        messages.print(f"[green]✓[/] engine stopped, process {running.pid}")
    if forget and not home.remove():
        messages.print(f"{plain(home.folder)} stays, because it has files that no command has put there.")


def unusual_of(facts: Mapping[str, object], command: Callable[[str], str]) -> Iterator[str]:
    """List settings that differ from those of a first `takeaway up`, each with the command that sets it back."""
    for option, default in DEFAULTS.items():
        found = facts[option]
        if found is not None and found != default:
            unit = " seconds" if isinstance(default, int) else ""
            back = command(f"up --{option.replace('_', '-')} {default}")
            yield f"{option.replace('_', ' ')} {found}{unit}; back: {back}"


def _tell(target: Target, deployed: Deployed) -> None:
    facts = facts_of(target, deployed.stacks)
    if deployed.changed:
        times = ", ".join(f"{what} {seconds:.1f} s" for what, seconds in deployed.seconds.items())
        messages.print(f"[green]✓[/] up to date ({times})")
    else:
        messages.print("[green]✓[/] runs already, and nothing has changed")
    results.print(f"[bold]engine[/]  {facts['engine']} at {plain(facts['endpoint'])}, stage {facts['stage']}")
    results.print(f"[bold]system[/]  {facts['system']}")
    for unusual in unusual_of(facts, target.command):
        results.print(f"[bold]unusual[/] {plain(unusual)}")
    results.print(f"[bold]orders[/]  {plain(facts['api'])}")
    results.print(f"[bold]next[/]    {target.command('order examples/orders/01-lunch-for-two.json')}")
