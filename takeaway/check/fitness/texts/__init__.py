"""Read the rules' texts from TOML files: one for each group, a table for each rule.

Exemptions from rules are in `exemptions.toml`; `takeaway doctor` shows them as evidence.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from takeaway.check.fitness.rule import Group
from takeaway.paths import REPOSITORY

GROUPS = ("inside", "between", "delivery", "workflow", "code")


def texts() -> Iterator[tuple[Group, str, dict[str, str]]]:
    """Yield group, id and texts of every rule, in the order in which they are shown."""
    for name in GROUPS:
        document = said_in(name)
        group = Group(document.pop("group"), _joined(document.pop("argument")))
        for id_, said in document.items():
            yield group, id_, {key: _adr(text) if key == "adr" else _joined(text) for key, text in said.items()}


def said_in(name: str) -> dict[str, Any]:
    """Read one of this folder's files."""
    return tomllib.loads(Path(__file__).with_name(f"{name}.toml").read_text(encoding="utf-8"))


def _adr(number: str) -> str:
    """Find the page of a decision by its number."""
    [page] = (REPOSITORY / "docs/adr").glob(f"{number}-*.md")
    return page.relative_to(REPOSITORY).as_posix()


def _joined(text: Any) -> str:
    return " ".join(str(text).split())


@dataclass(frozen=True)
class Exemption:
    """A case that a rule would forbid, and that a decision allows: `who` does `what`."""

    rule: str
    who: str
    what: str
    because: str
    adr: str = ""

    @property
    def told(self) -> str:
        decision = f", docs/adr/{self.adr}.md" if self.adr else ""
        return f"{self.who} {self.because} (exempt{decision})"


EXEMPTIONS = tuple(Exemption(**each) for each in said_in("exemptions")["exemption"])


def exemption(rule: str, who: str, what: str, *, prefix: str = "") -> Exemption | None:
    """Return the exemption for this case; None if there is none."""
    of_it = (each for each in EXEMPTIONS if (each.rule, each.who) == (rule, who))
    return next((each for each in of_it if each.what.replace("{prefix}", prefix) == what), None)
