"""All rules: what is said of them from `texts`, what they check from here."""

from collections.abc import Iterator
from pathlib import Path

from takeaway.fitness.rule import Check, Rule
from takeaway.fitness.rules import (
    calling,
    conventions,
    delivery,
    imports,
    inside,
    moving_on,
    ownership,
    publishing,
    roles,
    stacks,
    tokens,
    workflow_data,
    workflow_ends,
    workflow_tasks,
)
from takeaway.fitness.texts import adr, texts
from takeaway.paths import REPOSITORY

CHECKS: dict[str, Check] = {
    **inside.CHECKS, **moving_on.CHECKS,
    **stacks.CHECKS, **ownership.CHECKS, **calling.CHECKS, **publishing.CHECKS, **roles.CHECKS,
    **delivery.CHECKS,
    **workflow_ends.CHECKS, **workflow_tasks.CHECKS, **workflow_data.CHECKS, **tokens.CHECKS,
    **conventions.CHECKS, **imports.CHECKS,
}  # fmt: skip


def all_rules(root: Path = REPOSITORY) -> tuple[Rule, ...]:
    """Those of this package, then the import rules in the pyproject.toml of the tree."""
    return tuple(_rules(root))


def _rules(root: Path) -> Iterator[Rule]:
    contracts = {contract["id"]: contract for contract in imports.contracts_of(root)}
    for group, id_, said in texts():
        if "adr" in said:
            said["adr"] = adr(said["adr"])
        if id_ in CHECKS:
            yield Rule(id=id_, group=group, check=CHECKS[id_], **said)
        elif id_ in contracts:
            yield imports.rule_of(contracts.pop(id_), group, said)
    for contract in contracts.values():  # one that nobody has written about yet
        yield imports.rule_of(contract, group, {})
