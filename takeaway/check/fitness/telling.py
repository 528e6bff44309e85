"""Tell the results of rules: to people as a checklist, to programs as plain data."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from takeaway.check.fitness.rule import Result, counted

INDENT = 4


def checklist(results: list[Result], *, explain: bool) -> Iterator[str | Padding]:
    """Yield each rule with its evidence; a broken one, or every one if `explain`, with reason and remedy."""
    group = None
    for result in results:
        if result.rule.group != group:
            group = result.rule.group
            yield f"\n[bold]{group.title}[/]"
            if explain:
                yield Padding(f"[dim]{escape(group.argument)}[/]", 0, expand=False)
        yield from _told(result, explain=explain)


def summary(results: list[Result]) -> Iterator[str | Padding]:
    """Yield a line for each group of rules, and each broken rule in full."""
    for group, there in groupby(results, lambda result: result.rule.group):
        of_group = list(there)
        broken = [result for result in of_group if not result.kept]
        mark = "[red]✗[/]" if broken else "[green]✓[/]"
        how = f"{len(broken)} of {counted(of_group, 'rule')} broken" if broken else f"{counted(of_group, 'rule')} kept"
        yield f"{mark} [bold]{group.title}[/]: {how}"
        for result in broken:
            yield from _told(result, explain=False)


def _told(result: Result, *, explain: bool) -> Iterator[str | Padding]:
    rule = result.rule
    mark = "[green]✓[/]" if result.kept else "[red]✗[/]"
    yield f"{mark} {escape(rule.title)} [dim]{rule.id}[/]"
    for seen in result.evidence:
        yield _line(f"[dim]{escape(seen)}[/]")
    for finding in result.findings:
        yield _line(f"[red]{escape(finding.where)}[/]: {escape(finding.what)}")
    if explain or not result.kept:
        words = Table.grid(padding=(0, 1))
        words.add_row("[bold]why[/]", escape(rule.why))
        words.add_row("[bold]do[/]", escape(rule.remedy))
        if explain and rule.blind:
            words.add_row("[bold]blind[/]", f"it does not see {escape(rule.blind)}")
        words.add_row("[bold]read[/]", "\n".join(rule.links))
        yield _line(words)


def _line(said: str | Table) -> Padding:
    return Padding(said, (0, 0, 0, INDENT), expand=False)


def facts(result: Result) -> dict[str, Any]:
    """Return a rule's result as a JSON document."""
    rule = result.rule
    return {
        "id": rule.id,
        "group": rule.group.title,
        "title": rule.title,
        "kept": result.kept,
        "evidence": result.evidence,
        "findings": result.findings,
        "why": rule.why,
        "remedy": rule.remedy,
        "blind": rule.blind,
        "links": rule.links,
    }
