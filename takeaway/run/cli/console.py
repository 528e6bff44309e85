"""The command console: serves a page on this machine that shows the running system."""

from typing import Annotated

import typer

from takeaway.errors import UsageError
from takeaway.run.cli import options
from takeaway.run.cli.output import messages, plain, results
from takeaway.run.deploy.all_wirings import bring_up_beside
from takeaway.waiting import beside
from takeaway.waiting_shown import nothing_shown

MOST = 200  # see takeaway/run/console/traffic.py


def console(
    context: typer.Context,
    *,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port on 127.0.0.1; 0: a free one.")] = 0,
    opens: Annotated[bool, typer.Option("--open", help="Open it in your browser.")] = False,
    read_only: Annotated[
        bool | None,
        typer.Option("--read-only/--no-read-only", help="Show no buttons that act. The default on AWS."),
    ] = None,
    orders: Annotated[
        int,
        typer.Option(min=0, max=MOST, metavar="N", help="Place N random orders, to have something to see."),
    ] = 0,
    wirings: Annotated[
        bool, typer.Option("--wirings", help="First deploy the other wirings, to see them side by side.")
    ] = False,
) -> None:
    """Show the running system in a browser, until Ctrl-C: on 127.0.0.1, so only this machine can open it.

    The pages show live an order's workflow and how other contexts react to its events. Buttons do what is possible.

    Example: takeaway console --open
    """
    from takeaway.run.console.serving import serve  # noqa: PLC0415 - loading it would slow `--help` down

    given = options.of(context)
    target = given.target()
    watches = target.endpoint is None if read_only is None else read_only
    if orders and watches:
        raise UsageError("--orders: a read-only console can't place orders: --no-read-only lets it, also on AWS.")

    if wirings:
        with given.engine() as (engine, progress):
            bring_up_beside(engine, progress)

    def listens(address: str) -> None:
        results.print(f"[bold]{address}[/]")
        how = "only watches" if watches else "watches and acts"
        messages.print(f"[dim]the console of stage {plain(target.stage)}, which {how}; Ctrl-C ends it[/]")

    with nothing_shown(), beside():  # no progress lines: neither for the server itself nor for its pages
        serve(
            given.target,
            stage=target.stage,
            port=port,
            read_only=watches,
            opens=opens,
            orders=orders,
            listens=listens,
        )
