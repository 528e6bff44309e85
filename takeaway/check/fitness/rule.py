"""The parts of a fitness function: a rule that holds for the system, its reason, and a check that shows it."""

from collections.abc import Callable, Iterable, Iterator, Sized
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from takeaway.check.fitness.evidence import Evidence
    from takeaway.check.templates.stack import Stack
    from takeaway.check.templates.workflow import Workflow

ARTICLE = "https://theburningmonk.com/2020/08/choreography-vs-orchestration-in-the-land-of-serverless/"


@dataclass(frozen=True)
class Finding:
    """A violation of a rule: its place, and what is wrong there."""

    where: str
    what: str


Wrong = tuple[str, str]  # a place in the checked stack, and what is wrong there
Told = str | Finding  # evidence that a check has seen, or a violation
Check = Callable[["Evidence"], Iterable[Told]]
CHECKS: dict[str, Check] = {}  # by the id of the rule; filled by the modules of `rules`


def check(id_: str) -> Callable[[Check], Check]:
    """Register a function as the check of the rule with this id."""

    def registered(function: Check) -> Check:
        CHECKS[id_] = function
        return function

    return registered


def each_stack(id_: str) -> Callable[[Callable[["Stack"], Iterable[str | Wrong]]], Check]:
    """Register a check that is called for each stack by itself."""
    return lambda function: check(id_)(
        lambda evidence: (told for stack in evidence.stacks.values() for told in placed(stack, function(stack)))
    )


def each_workflow(id_: str) -> Callable[[Callable[["Workflow"], Iterable[str | Wrong]]], Check]:
    """Register a check that is called for each workflow by itself."""
    return lambda function: check(id_)(
        lambda evidence: (told for each in evidence.workflows for told in placed(each.stack, function(each)))
    )


def placed(stack: "Stack", told: Iterable[str | Wrong]) -> Iterator[Told]:
    """Turn what is wrong in a stack into findings with the stack's name; evidence stays as it is."""
    for each in told:
        yield each if isinstance(each, str) else Finding(f"{stack.name}: {each[0]}", each[1])


class Group(NamedTuple):
    """Rules that follow from the same argument of the article."""

    title: str
    argument: str


@dataclass(frozen=True)
class Rule:
    """A rule of the architecture: `why` it exists, and as `remedy` what to do instead of breaking it.

    `looks_at` is what the check needs to see to prove anything. `blind` is what could break the rule unnoticed. `adr`
    is the page of a decision, if there is one.
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
        """The article, and the decision record if there is one."""
        return [ARTICLE, *([self.adr] if self.adr else [])]

    def examine(self, evidence: "Evidence") -> "Result":
        """Run the check. A rule that finds nothing to look at is broken, because it proves nothing."""
        told = list(self.check(evidence)) or [
            Finding("nothing to look at", f"expected {self.looks_at}; a rule that sees nothing proves nothing")
        ]
        seen = tuple(each for each in told if isinstance(each, str))
        return Result(self, seen, tuple(each for each in told if isinstance(each, Finding)))


@dataclass(frozen=True)
class Result:
    rule: Rule
    evidence: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def kept(self) -> bool:
        return not self.findings


def counted(things: Sized, name: str) -> str:
    """Write a number with a noun: "1 role", "3 policies"."""
    plural = f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"
    return f"{len(things)} {name if len(things) == 1 else plural}"
