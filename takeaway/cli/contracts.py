"""contracts diff: what a change of the event schemas does to those who read them."""

from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from takeaway.cli.door import Command, Commands
from takeaway.cli.output import AsJson, messages, print_json, results
from takeaway.paths import REPOSITORY

if TYPE_CHECKING:
    from takeaway.contracts.diff import Diff
    from takeaway.contracts.gate import Finding
    from takeaway.contracts.uses import Use

GUIDE = "docs/events/versioning.md"
BREAKS = {
    "consumers": "breaks {}",
    "replays": "breaks replays, which bring from the archive what is not promised any more, to {}",
    "privacy": "must be known before it is stored: by {}",
}

app = typer.Typer(cls=Commands, no_args_is_help=True)


@app.callback()
def contracts() -> None:
    """The event schemas, and what a change of them does to those who read them.

    Example: takeaway contracts diff
    """


@app.command(cls=Command)
def diff(
    base: Annotated[
        str | None,
        typer.Argument(help="A git revision. Default: where this branch left main; on main, the commit before."),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Compare the schemas of the work tree with those of a revision, and name the consumers that a change breaks.

    The exit code is 1 if it breaks anybody.

    Example: takeaway contracts diff origin/main
    """
    from takeaway.contracts import diff as comparing  # noqa: PLC0415 - needs what serves development only

    found = comparing.diff(REPOSITORY, base, datetime.now(UTC).date())
    if as_json:
        print_json(
            {"base": found.base, "breaking": bool(found.breaking), "findings": found.findings, "notes": found.notes}
        )
    else:
        print_diff(found)
    if found.breaking:
        raise typer.Exit(1)


def print_diff(found: "Diff") -> None:
    if not found.base:
        messages.print(
            "Contracts: nothing to compare with: this clone has neither a main branch nor an earlier commit."
        )
        return
    against = f"{found.base.commit[:7]} ({found.base.why})"
    if not found.findings:
        messages.print(f"[green]✓[/] Contracts: the schemas are those of {against}")
        return
    results.print(f"Contracts, compared with {against}:")
    # a change of what events have in common is one change, told of all of them
    for _, same in groupby(sorted(found.findings, key=_alike), key=_alike):
        print_finding(list(same))
    for note in found.notes:
        messages.print(Text.assemble(("!", "yellow"), f" {note}"))
    if found.breaking:
        results.print(f"Publish another version beside it instead: {GUIDE}")


def _alike(finding: "Finding") -> tuple[object, ...]:
    return not finding.breaks, finding.what, finding.note, tuple(map(_named, finding.readers))


def print_finding(same: "list[Finding]") -> None:
    """One change, made to one event or alike to several."""
    finding = same[0]
    mark = ("✗", "red") if finding.breaks else ("✓", "green")
    results.print(Text.assemble(mark, " ", (", ".join(each.event for each in same), "bold"), f" {finding.what}"))
    if finding.breaks:
        named = ", ".join(dict.fromkeys(map(_named, finding.readers))) or "nobody in this repository"
        results.print(Text(f"    {BREAKS[finding.breaks].format(named)}; consumers elsewhere can't be seen from here"))
    elif finding.readers:
        results.print(Text(f"    read by {', '.join(dict.fromkeys(reader.consumer for reader in finding.readers))}"))
    if finding.note:
        results.print(Text(f"    {finding.note}", "dim"))


def _named(reader: "Use") -> str:
    until = ", until this change" if reader.before else "" if reader.needed else ", if it is there"
    return f"{reader.consumer} ({reader.field}{until})"
