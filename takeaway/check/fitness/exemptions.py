"""What the rules let pass on purpose, as `texts/exemptions.toml` says: `takeaway doctor` shows it as evidence."""

from dataclasses import dataclass

from takeaway.check.fitness.texts import said_in


@dataclass(frozen=True)
class Exemption:
    """`who` does `what` although the rule forbids it, because of a decision."""

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
    """The exemption that lets this pass, if there is one."""
    of_it = (each for each in EXEMPTIONS if (each.rule, each.who) == (rule, who))
    return next((each for each in of_it if each.what.replace("{prefix}", prefix) == what), None)
