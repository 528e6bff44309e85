"""The commands generate and compact: fill and compact the analytics lake, deployed or in a folder."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from takeaway.errors import TakeawayError
from takeaway.run.cli import options
from takeaway.run.cli.asking import agree
from takeaway.run.cli.output import messages, plain, print_json, steps
from takeaway.run.cli.report import LakeOption, as_sentences, there
from takeaway.run.client.functions import invoke
from takeaway.run.client.system import System


def generate(
    context: typer.Context,
    *,
    orders: Annotated[
        int, typer.Option(min=1, max=10**7, help="The number of orders; each has about five events.")
    ] = 10_000,
    days: Annotated[int, typer.Option(min=1, max=3650, help="The number of days, from 5 January 2026 on.")] = 28,
    seed: Annotated[int, typer.Option(min=0, max=2**63 - 1, help="The same seed writes the same histories.")] = 1,
    lake: LakeOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Write into the running system's lake without asking.")] = False,
) -> None:
    """Write realistic histories of orders into a lake, so that reports have something to show.

    They exist in the lake alone, without orders, vouchers or e-mails. With --lake the folder must not have a lake yet.
    Without it they go into the running system's lake, where they mix with its own orders, so you are asked first.

    Example: takeaway generate --orders 100000 --days 90 --lake /tmp/lake && takeaway report --lake /tmp/lake --open
    """
    from contexts.analytics.generator import generate as generate_into  # noqa: PLC0415 - NumPy and DuckDB load slowly

    system = None if lake else options.of(context).system()
    if system and not yes:
        _agree(system)
    with tempfile.TemporaryDirectory(prefix="takeaway-lake-") as temporary, steps("generating") as progress:
        folder = lake or Path(temporary)
        with as_sentences():
            made = generate_into(folder, orders=orders, days=days, seed=seed)
        if system:
            progress.step("putting it into the lake of the system")
            system.lake.add(folder)
        progress.done(f"{orders:,} orders with {made.events:,} events on {days} days")
    if lake:
        messages.print(f"The figures that a report must have are in {plain(made.truth)}")


def compact(context: typer.Context, *, lake: LakeOption = None) -> None:
    """Compact a lake's new events into its curated zone now; on a running system that happens every hour.

    Example: takeaway compact
    """
    there(lake)
    if lake:
        from contexts.analytics.compaction import compact as compact_here  # noqa: PLC0415 - DuckDB loads slowly
        from contexts.analytics.folder_lake import FolderLake  # noqa: PLC0415

        with steps("compacting"), as_sentences():
            here = compact_here(FolderLake(lake))
        print_json(here)
        _complain(here.unreadable)
    else:
        system = options.of(context).system()
        with steps("waiting for the lake's own function, which compacts"):
            done = invoke(system.target, system.stacks.output("analytics", "CompactFunctionName"))
        print_json(done)
        _complain(done.get("unreadable", ()))


def _complain(unreadable: Sequence[str]) -> None:
    if unreadable:
        listed = "".join(f"\n  - {each}" for each in unreadable)
        raise TakeawayError(f"Days were left as they are, since not all of them can be read:{listed}")


def _agree(system: System) -> None:
    """Ask before invented orders are mixed with real ones: reports can't tell them apart, and they can't be removed."""
    target = system.target
    where = f"the lake of stage {target.stage} on {target.endpoint or 'AWS'}"
    agree(
        f"Mix invented orders with those in {where}? They stay there. (--lake FOLDER makes a lake of its own.)",
        unattended=f"Invented orders would mix with those in {where}: "
        "pass --lake FOLDER for a lake of its own, or --yes.",
    )
