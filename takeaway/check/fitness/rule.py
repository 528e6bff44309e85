"""What a fitness function is: a sentence that is true of the system, why it should be, and how that can be seen."""

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
    """Something that breaks a rule: where it is, and what is wrong with it."""

    where: str
    what: str


Wrong = tuple[str, str]  # where in the stack that is looked at, and what is wrong there
Told = str | Finding  # what a check has seen, or what it has found to be wrong
Check = Callable[["Evidence"], Iterable[Told]]
CHECKS: dict[str, Check] = {}  # by the id of the rule; filled by the modules of `rules`


def check(id_: str) -> Callable[[Check], Check]:
    """Make a function the check of the rule with this id."""

    def registered(function: Check) -> Check:
        CHECKS[id_] = function
        return function

    return registered


def each_stack(id_: str) -> Callable[[Callable[["Stack"], Iterable[str | Wrong]]], Check]:
    """Make a function the check of this rule that looks at one stack by itself."""
    return lambda function: check(id_)(
        lambda evidence: (told for stack in evidence.stacks.values() for told in placed(stack, function(stack)))
    )


def each_workflow(id_: str) -> Callable[[Callable[["Workflow"], Iterable[str | Wrong]]], Check]:
    """Make a function the check of this rule that looks at one workflow by itself."""
    return lambda function: check(id_)(
        lambda evidence: (told for each in evidence.workflows for told in placed(each.stack, function(each)))
    )


def placed(stack: "Stack", told: Iterable[str | Wrong]) -> Iterator[Told]:
    """What is told of one stack: what is wrong with the name of the stack before it, what was seen as it is."""
    for each in told:
        yield each if isinstance(each, str) else Finding(f"{stack.name}: {each[0]}", each[1])


class Group(NamedTuple):
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
    """A number of things with their name: "1 role", "3 policies"."""
    plural = f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"
    return f"{len(things)} {name if len(things) == 1 else plural}"
