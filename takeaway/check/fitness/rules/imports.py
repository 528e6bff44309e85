"""Rules about imports: each import-linter contract of pyproject.toml is a rule, with its reason."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from takeaway.check.fitness.evidence import Evidence
from takeaway.check.fitness.rule import Finding, Group, Rule, Told, check

FALLBACK = "Imports are the cheapest coupling to make and the dearest to undo: which way they point is a decision."
BULLET = re.compile(r"^- +", re.MULTILINE)


def contracts_of(root: Path) -> list[dict[str, Any]]:
    """Read the contracts in the pyproject.toml of a tree."""
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    contracts: list[dict[str, Any]] = settings["tool"]["importlinter"]["contracts"]
    return contracts


def rule_of(contract: dict[str, Any], group: Group, said: Mapping[str, str]) -> Rule:
    """Make a rule of a contract; `said` adds the reason, which the contract itself does not have."""
    id_ = contract["id"]
    return Rule(
        id=id_,
        group=group,
        title=contract["name"],
        why=said.get("why", FALLBACK),
        remedy=contract.get("broken_contract_guidance", f"The contract {id_} in pyproject.toml says what is allowed."),
        looks_at=f"the contract {id_} in pyproject.toml",
        check=lambda evidence: _kept(id_, evidence),
        adr=said.get("adr", ""),
    )


def _kept(contract: str, evidence: Evidence) -> Iterator[Told]:
    linted = evidence.imports
    found = linted.contracts.get(contract)
    if found:
        ignored = f", {found.ignored} of them allowed by name" if found.ignored else ""
        yield f"{linted.modules} modules with {linted.imports} imports{ignored}"
        yield from _findings(found.broken, found.guidance)


@check("layers-for-every-context")
def layers_for_everyone(evidence: Evidence) -> Iterator[Told]:
    layered = [contract for contract in contracts_of(evidence.code.root) if contract["type"] == "layers"]
    containers = [container for contract in layered for container in contract.get("containers", ())]
    for context in evidence.code.contexts:
        if not any(fnmatchcase(f"contexts.{context}", container) for container in containers):
            yield Finding(f"contexts/{context}", "is in no contract of layers: its imports may point anywhere")
    if layered:
        yield f"{', '.join(contract['id'] for contract in layered)}: {', '.join(containers)}"


def _findings(said: str, guidance: str) -> Iterator[Finding]:
    """Turn import-linter's report into findings: paragraphs say what is wrong, bullets say where."""
    wrong = "is broken"
    found = False
    for paragraph in filter(None, map(str.strip, said.split("\n\n"))):
        if not BULLET.match(paragraph):
            wrong = paragraph.rstrip(":")
            continue
        for place in filter(None, BULLET.split(paragraph)):
            chain = [" ".join(line.split()) for line in place.strip().splitlines()]
            found = True
            yield Finding(chain[0].split(" ")[0], f"{wrong}: {'; '.join(chain)}")
    if said.strip() and not found:
        yield Finding("pyproject.toml", said.replace(guidance, "").strip())
