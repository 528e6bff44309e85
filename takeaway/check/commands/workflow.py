"""The commands workflow diff and workflow drain: find changes that break open orders, and wait for old executions."""

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from takeaway.check.commands.revision import BaseArgument, NoBaseOk
from takeaway.errors import TakeawayError
from takeaway.paths import REPOSITORY
from takeaway.run.cli import options
from takeaway.run.cli.command_classes import Command, Commands
from takeaway.run.cli.output import AsJson, messages, print_json, results, steps
from takeaway.waiting import await_until, waiting_for

if TYPE_CHECKING:
    from takeaway.check.workflow.diff import Finding
    from takeaway.check.workflow.executions import Open

GUIDE = "docs/workflow-changes.md"
ORDERS = "orders"  # the context whose executions are listed: one for each order
FEW, LONGEST, POLL = 3, 7200, 2.0
app = typer.Typer(cls=Commands, no_args_is_help=True, help="Find out what a changed workflow does to open orders.")


def diff(
    context: typer.Context,
    base: BaseArgument = None,
    *,
    deployed: Annotated[
        bool, typer.Option("--deployed", help="Compare with the deployed workflow, and count open orders.")
    ] = False,
    no_base_ok: NoBaseOk = False,
    as_json: AsJson = False,
) -> None:
    """Compare each workflow of this folder with an earlier one, and tell if open orders would survive the deployment.

    An execution keeps the definition that it began with, but calls the functions that are deployed now. The exit code
    is 1 if one would not end as it should.

    Example: takeaway workflow diff origin/main
    """
    from takeaway.check.workflow import definitions  # noqa: PLC0415 - slow to import
    from takeaway.check.workflow.diff import diff as compared  # noqa: PLC0415
    from takeaway.check.workflow.diff import diff_code  # noqa: PLC0415
    from takeaway.check.workflow.in_code import in_code  # noqa: PLC0415
    from takeaway.check.workflow.live import compared_with_deployed  # noqa: PLC0415

    if base and deployed:
        raise TakeawayError("Compare with a revision or with what is deployed: leave BASE or --deployed out.")
    open_now: list[Open] = []
    with steps("comparing workflows"):
        if deployed:
            system = options.of(context).system()
            against = f"what is deployed as stage {system.target.stage}"
            found, open_now = compared_with_deployed(system, ORDERS, REPOSITORY)
        else:
            revision, before, code = definitions.of_revision(REPOSITORY, base, no_base_ok=no_base_ok)
            against = f"{revision.commit[:7]} ({revision.why})" if revision else "nothing (--no-base-ok)"
            found = [*compared(before, definitions.of_folder(REPOSITORY)), *diff_code(code, in_code(REPOSITORY))]
    breaking = any(each.change.breaks for each in found)
    if as_json:
        counted = Counter(each.state for each in open_now) if deployed else None
        print_json({"against": against, "breaking": breaking, "changes": found, "open": counted})
    else:
        _print(found, against)
        if deployed:
            messages.print(f"Open orders: {_counted(open_now)}")
    if breaking:
        raise typer.Exit(1)


def _print(found: "list[Finding]", against: str) -> None:
    if not found:
        messages.print(f"[green]✓[/] Workflow: no change that an open order would notice, compared with {against}")
    for name, same in groupby(found, key=lambda each: each.context):
        results.print(f"The workflow of {name}, compared with {against}:")
        for each in same:
            mark = ("✗", "red") if each.change.breaks else ("✓", "green")
            results.print(Text.assemble(mark, " ", (each.change.state, "bold"), f" {each.change.what}"))
            if each.orders:
                results.print(Text(f"    open orders that come to it: {_named(each.orders)}"))
            if each.change.way:
                results.print(Text(f"    instead: {each.change.way}", "dim"))
    if any(each.change.breaks for each in found):
        results.print(f"Do it in two releases: {GUIDE}")


def _named(orders: "tuple[str, ...]") -> str:
    more = f" and {len(orders) - FEW} more" if len(orders) > FEW else ""
    return f"{', '.join(orders[:FEW])}{more}"


def _counted(executions: "list[Open]") -> str:
    counts = Counter(each.state or "about to begin" for each in executions).most_common()
    return ", ".join(f"{count} in {state}" for state, count in counts) or "none"


def drain(
    context: typer.Context,
    *,
    within: Annotated[
        int, typer.Option(min=0, max=86_400, metavar="SECONDS", help="The longest time to wait (7200).")
    ] = LONGEST,
) -> None:
    """Wait until no execution is left that began before the workflow's last deployment.

    After that, things that only the old definition needs can be removed: a retired step, a token, a value.

    Example: takeaway workflow drain
    """
    from takeaway.check.workflow.executions import changed_at, open_executions  # noqa: PLC0415 - as above

    with steps("looking at open orders"):
        system = options.of(context).system()
        arn = system.workflow.state_machine_arn
        at = changed_at(system.target, system.stacks.of(ORDERS).name, arn)

    def older() -> "list[Open]":
        return open_executions(system.target, arn, until=at)

    left = older()
    total = len(left)
    if left:
        with waiting_for(lambda: f"waiting for orders that began before: {_counted(left)}", limit=None) as wait:

            def is_over() -> bool:
                left[:] = older()
                wait.share = (total - len(left), total)
                return not left

            await_until(is_over, seconds=within, poll=POLL)
    if left:
        orders = _named(tuple(each.order_id for each in left))
        raise TakeawayError(
            f"After {within} seconds orders are open that began before the workflow was deployed: {orders}. "
            f"Wait longer (--within), or bring them to their ends."
        )
    messages.print(
        f"[green]✓[/] no open order began before the workflow was deployed ({at.astimezone():%Y-%m-%d %H:%M})"
    )


for command in (diff, drain):
    app.command(cls=Command)(options.on_stage(command))
