"""Check the import rules of pyproject.toml with import-linter, and return the result as data."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from takeaway import programs
from takeaway.errors import TakeawayError

PROGRAM = Path(__file__).with_name("lint_contracts.py")


@dataclass(frozen=True)
class Contract:
    """A contract of import-linter; `broken` is its report, empty if the contract is kept."""

    id: str
    name: str
    guidance: str
    ignored: int
    broken: str


@dataclass(frozen=True)
class Linted:
    modules: int
    imports: int
    contracts: dict[str, Contract]


def lint(root: Path, *only: str) -> Linted:
    """Check a tree's contracts, or `only` those with these ids. Raises TakeawayError if import-linter fails."""
    done = programs.done([sys.executable, PROGRAM, *only], what="checking who imports whom", folder=root)
    if done.returncode != 0:
        last = done.stderr.strip().splitlines()[-1:]
        raise TakeawayError(
            f"import-linter can't check pyproject.toml and the code: {''.join(last) or 'it printed no error'}"
        )
    answer = json.loads(done.stdout)
    contracts = {each["id"]: Contract(**each) for each in answer["contracts"]}
    return Linted(answer["modules"], answer["imports"], contracts)
