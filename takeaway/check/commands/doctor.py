"""The command doctor: checks the rules of the architecture, and shows the evidence for each."""

from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from takeaway.errors import RulesBroken, UsageError
from takeaway.paths import REPOSITORY
from takeaway.run.cli.output import AsJson, print_json, results, steps

if TYPE_CHECKING:  # loading these would slow other commands down
    from takeaway.check.fitness.evidence import Stacks
    from takeaway.check.fitness.rule import Result, Rule


def doctor(
    *,
    assembly: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help="Check this CDK assembly (cdk.out, any stage) instead of synthesizing one."
        ),
    ] = None,
    rule: Annotated[list[str] | None, typer.Option(metavar="ID", help="Check only this rule; repeatable.")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Show for every rule its reason, and what to do.")] = False,
    every: Annotated[bool, typer.Option("--all", help="Show for every rule what it has looked at.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check the architecture: orchestrate within a context, choreograph between contexts.

    The rules look at templates, workflow, imports and code. A broken rule is shown with the place, the reason and what
    to do; kept rules only with --all. Nothing is deployed, and no engine is needed. Fails if a rule is broken.

    Example: takeaway doctor --rule workflow-moves-on --explain
    """
    from takeaway.check.fitness.code import Code  # noqa: PLC0415 - as above
    from takeaway.check.fitness.evidence import Evidence  # noqa: PLC0415
    from takeaway.check.fitness.rules import all_rules  # noqa: PLC0415
    from takeaway.check.fitness.telling import facts  # noqa: PLC0415

    chosen = _chosen(all_rules(), rule or [])
    with steps("looking at the architecture") as progress:
        evidence = Evidence(Code(REPOSITORY), _stacks(assembly, progress.step))
        examined = []
        for each in chosen:
            progress.step(each.title)
            examined.append(each.examine(evidence))
    if as_json:
        print_json({"kept": all(result.kept for result in examined), "rules": [facts(result) for result in examined]})
    else:
        _tell(examined, explain=explain, every=every or explain or rule is not None)
    broken = [result.rule.id for result in examined if not result.kept]
    if broken:
        raise RulesBroken(broken, len(examined))


def _stacks(given: Path | None, told: Callable[[str], None]) -> "Callable[[], Stacks]":
    """Make a function that reads or synthesizes the templates, called only when a rule needs them."""
    from takeaway.check.templates import assembly as assemblies  # noqa: PLC0415 - as above

    def load() -> "Stacks":
        if given:
            return assemblies.read(given)
        told("synthesizing the templates; nothing is deployed")
        return assemblies.synthesized()

    return load


def _chosen(rules: "tuple[Rule, ...]", wanted: list[str]) -> "list[Rule]":
    by_id = {rule.id: rule for rule in rules}
    for each in wanted:
        if each not in by_id:
            near = get_close_matches(each, by_id, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise UsageError(f"There is no rule {each!r}.{hint} `takeaway doctor` names them all.")
    return [by_id[each] for each in wanted] or list(rules)


def _tell(examined: "list[Result]", *, explain: bool, every: bool) -> None:
    from takeaway.check.fitness.rule import counted  # noqa: PLC0415 - as above
    from takeaway.check.fitness.telling import checklist, summary  # noqa: PLC0415

    for line in checklist(examined, explain=explain) if every else summary(examined):
        results.print(line, soft_wrap=False)
    kept = sum(result.kept for result in examined)
    hint = "" if every else " [dim](--all: what each has looked at)[/]"
    results.print(f"\n{counted(examined, 'rule')}, {kept} kept, {len(examined) - kept} broken{hint}")
