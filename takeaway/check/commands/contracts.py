"""The commands contracts check and contracts diff: compare events' schemas with their readers, and with a revision."""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING

import typer
from rich.text import Text

from takeaway.check.commands.revision import BaseArgument, NoBaseOk
from takeaway.paths import REPOSITORY
from takeaway.run.cli.command_classes import Command, Commands
from takeaway.run.cli.output import AsJson, messages, print_json, results, steps

if TYPE_CHECKING:
    from takeaway.check.contracts.agreement import Disagreement
    from takeaway.check.contracts.changes import Change
    from takeaway.check.contracts.consumers import Use
    from takeaway.check.contracts.diff import Diff

GUIDE = "docs/event-changes.md"
BREAKS = {
    "consumers": "breaks {}",
    "replays": "breaks replays, because archived events do not keep the new promise, for {}",
    "privacy": "has to be known as personal data before it is stored, by {}",
    "unknown": "may break anybody, so {}",
}

app = typer.Typer(cls=Commands)


@app.callback(invoke_without_command=True)
def contracts(context: typer.Context) -> None:
    """Check that event schemas have the fields that contexts read; find the consumers that a schema change breaks.

    Example: takeaway contracts
    """
    if context.invoked_subcommand is None:
        check()


@app.command()
def check(*, as_json: AsJson = False) -> None:
    """List each field that a context reads and that an event lacks, may lack, or has with other values.

    Compares CONSUMES of each consumed_events.py with the schemas and examples. Fails if it finds one. `takeaway
    contracts` does the same.

    Example: takeaway contracts check --json
    """
    from takeaway.check.contracts import check as checking  # noqa: PLC0415 - slow to import

    with steps("checking what contexts read against the schemas"):
        who, found = checking.check(REPOSITORY)
    if as_json:
        print_json({"consumers": who, "disagreements": found})
    else:
        print_disagreements(who, found)
    if found:
        raise typer.Exit(1)


def print_disagreements(who: list[str], found: "list[Disagreement]") -> None:
    from takeaway.check.contracts.check import ADVICE  # noqa: PLC0415 - as above

    if not found:
        messages.print(
            Text.assemble(("✓", "green"), f" Contracts: {', '.join(who) or 'nobody'} can read what is published")
        )
        return
    for each in found:
        results.print(Text.assemble(("✗", "red"), f" {each.what}"))
        results.print(Text(f"    {each.file}", "dim"))
    results.print(Text(f"{ADVICE[0].upper()}{ADVICE[1:]}"))


@app.command(cls=Command)
def diff(
    base: BaseArgument = None,
    *,
    no_base_ok: NoBaseOk = False,
    as_json: AsJson = False,
) -> None:
    """Compare the schemas of this folder with those of a revision, and name the consumers that a change breaks.

    The exit code is 1 if a change breaks a consumer or can't be judged, and if there is nothing to compare with.

    Example: takeaway contracts diff origin/main
    """
    from takeaway.check.contracts import diff as comparing  # noqa: PLC0415 - needs packages only installed for development

    with steps("comparing the schemas"):
        found = comparing.diff(REPOSITORY, base, datetime.now(UTC).date(), no_base_ok=no_base_ok)
    if as_json:
        print_json(
            {"base": found.base, "breaking": bool(found.breaking), "findings": found.findings, "notes": found.notes}
        )
    else:
        print_diff(found)
    if found.breaking:
        raise typer.Exit(1)


def print_diff(found: "Diff") -> None:
    against = f"{found.base.commit[:7]} ({found.base.why})" if found.base else "nothing (--no-base-ok)"
    if not found.base and not found.findings:
        messages.print("Contracts: nothing to compare with, which --no-base-ok allows.")
        return
    if not found.findings:
        messages.print(f"[green]✓[/] Contracts: the schemas are those of {against}")
        return
    results.print(f"Contracts, compared with {against}:")
    # A change of a part that several events share is told once, with all their names.
    for _, same in groupby(sorted(found.findings, key=_alike), key=_alike):
        print_finding(list(same), found.called)
    for note in found.notes:
        messages.print(Text.assemble(("!", "yellow"), f" {note}"))
    if found.breaking:
        results.print(f"Publish another version beside it instead: {GUIDE}")


def _alike(finding: "Change") -> tuple[object, ...]:
    return not finding.breaks, finding.what, finding.note, tuple(map(_named, finding.readers))


def print_finding(same: "list[Change]", called: Callable[[str], str]) -> None:
    """Print one change, which one event or several alike have."""
    finding = same[0]
    mark = ("✗", "red") if finding.breaks else ("✓", "green")
    results.print(
        Text.assemble(mark, " ", (", ".join(called(each.event) for each in same), "bold"), f" {finding.what}")
    )
    if finding.breaks:
        named = ", ".join(dict.fromkeys(map(_named, finding.readers))) or "nobody in this repository"
        who = (
            "it is refused" if finding.breaks == "unknown" else f"{named}; consumers elsewhere can't be seen from here"
        )
        results.print(Text(f"    {BREAKS[finding.breaks].format(who)}"))
    elif finding.readers:
        results.print(Text(f"    read by {', '.join(dict.fromkeys(reader.consumer for reader in finding.readers))}"))
    if finding.note:
        results.print(Text(f"    {finding.note}", "dim"))


def _named(reader: "Use") -> str:
    until = ", until this change" if reader.before else "" if reader.needed else ", if it is there"
    return f"{reader.consumer} ({reader.field}{until})"
