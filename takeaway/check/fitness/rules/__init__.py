"""All rules: their texts come from `texts`, their checks from the modules of this package."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from takeaway.check.fitness.rule import CHECKS, Rule
from takeaway.check.fitness.rules import imports
from takeaway.check.fitness.texts import texts
from takeaway.paths import REPOSITORY

for module in iter_modules(__path__):
    import_module(f"{__name__}.{module.name}")


def all_rules(root: Path = REPOSITORY) -> tuple[Rule, ...]:
    """Return this package's rules, then the import rules of the tree's pyproject.toml."""
    return tuple(_rules(root))


def _rules(root: Path) -> Iterator[Rule]:
    contracts = {contract["id"]: contract for contract in imports.contracts_of(root)}
    for group, id_, said in texts():
        if id_ in CHECKS:
            yield Rule(id=id_, group=group, check=CHECKS[id_], **said)
        elif id_ in contracts:
            yield imports.rule_of(contracts.pop(id_), group, said)
    for contract in contracts.values():  # contracts without a text
        yield imports.rule_of(contract, group, {})
