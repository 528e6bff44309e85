"""What a fitness function is: a sentence that is true of the system, why it should be, and how that can be seen."""

from collections.abc import Callable, Iterable, Sized
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from takeaway.fitness.evidence import Evidence

ARTICLE = "https://theburningmonk.com/2020/08/choreography-vs-orchestration-in-the-land-of-serverless/"


@dataclass(frozen=True)
class Finding:
    """Something that breaks a rule: where it is, and what is wrong with it."""

    where: str
    what: str


@dataclass
class Report:
    """What a check has looked at, and what it has found to be wrong."""

    evidence: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def saw(self, what: str) -> None:
        self.evidence.append(what)

    def found(self, where: str, what: str) -> None:
        self.findings.append(Finding(where, what))

    def found_in(self, stack: str, wrong: Iterable[tuple[str, str]]) -> None:
        """What is wrong in one stack: where in it, and what."""
        for where, what in wrong:
            self.found(f"{stack}: {where}", what)


Check = Callable[["Evidence", Report], None]


@dataclass(frozen=True)
class Group:
    """Rules with one argument of the article in common."""

    title: str
    argument: str


@dataclass(frozen=True)
class Rule:
    """`why` is the argument for it, `remedy` what to do instead, `looks_at` what there must be for it to mean anything.

    `blind` says what could break the rule without its noticing; `adr` is the page of a decision, if there is one.
    """

    id: str
    group: Group
    title: str
    why: str
    remedy: str
    looks_at: str
    check: Check
    blind: str = ""
    adr: str = ""

    @property
    def links(self) -> list[str]:
        """Where to read on."""
        return [ARTICLE, *([self.adr] if self.adr else [])]

    def examine(self, evidence: "Evidence") -> "Result":
        """A rule that finds nothing to look at is not kept: it says so."""
        report = Report()
        self.check(evidence, report)
        if not (report.evidence or report.findings):
            report.found("nothing to look at", f"expected {self.looks_at}; a rule that sees nothing proves nothing")
        return Result(self, tuple(report.evidence), tuple(report.findings))


@dataclass(frozen=True)
class Result:
    rule: Rule
    evidence: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def kept(self) -> bool:
        return not self.findings


def counted(things: Sized, name: str) -> str:
    """A number of things with their name: "1 role", "3 policies"."""
    plural = f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"
    return f"{len(things)} {name if len(things) == 1 else plural}"
