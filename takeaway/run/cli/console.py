"""console: a page on this machine that shows the running system."""

from typing import Annotated

import typer

from takeaway.errors import UsageError
from takeaway.run.cli import options
from takeaway.run.cli.output import messages, plain, results
from takeaway.run.deploy.beside import bring_up_beside
from takeaway.waiting import beside
from takeaway.waiting_shown import nothing_shown

MOST = 200  # see takeaway/run/console/traffic.py


def console(
    context: typer.Context,
    *,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where it listens on 127.0.0.1; 0: a free port.")] = 0,
    opens: Annotated[bool, typer.Option("--open", help="Open it in this person's browser.")] = False,
    read_only: Annotated[
        bool | None,
        typer.Option("--read-only/--no-read-only", help="Only watch; on AWS it does so by itself."),
    ] = None,
    orders: Annotated[
        int,
        typer.Option(min=0, max=MOST, metavar="N", help="Send so many at random, to have something to see."),
    ] = 0,
    wirings: Annotated[
        bool, typer.Option("--wirings", help="First deploy the other wirings beside it, to see them side by side.")
    ] = False,
) -> None:
    """Show the running system in a browser, until Ctrl-C: a page on 127.0.0.1, for this machine alone.

    One order's workflow and what its events set off in other contexts, live; the acts that are possible, as buttons.

    Example: takeaway console --open
    """
    from takeaway.run.console.serving import serve  # noqa: PLC0415 - a web server that `--help` need not wait for

    if orders and read_only:
        raise UsageError("--orders: a console that only watches sends none.")
    given = options.of(context)
    target = given.target()
    watches = target.endpoint is None if read_only is None else read_only

    if wirings:
        with given.engine() as (engine, progress):
            bring_up_beside(engine, progress)

    def listens(address: str) -> None:
        results.print(f"[bold]{address}[/]")
        how = "only watches" if watches else "watches and acts"
        messages.print(f"[dim]the console of stage {plain(target.stage)}, which {how}; Ctrl-C ends it[/]")

    with nothing_shown(), beside():  # that it goes on is no news, nor what its pages wait for
        serve(
            given.target,
            stage=target.stage,
            port=port,
            read_only=watches,
            opens=opens,
            orders=orders,
            listens=listens,
        )
