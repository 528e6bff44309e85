"""Compare two definitions of a workflow: find why an execution of the old one would not end beside the new one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from shared.asl.graph import Definition, State, states
from takeaway.check.workflow.states import Wait, answers_read, called, sent, service, settings, values
from takeaway.facts import Facts

KEPT = "open executions keep it as it was"


@dataclass(frozen=True)
class Change:
    """A change of a state. If `breaks`, an open execution that is in the state, or comes to it, goes wrong."""

    state: str
    what: str
    breaks: bool = False
    way: str = ""  # how to make the change safely


@dataclass(frozen=True)
class Carrier:
    """The system after the change: definition, functions, and the values that functions and people answer with."""

    definition: Definition
    functions: frozenset[str]
    retired: frozenset[str] = frozenset()  # functions that only open executions call
    answers: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)  # function -> field -> values
    outcomes: Mapping[str, frozenset[str]] = field(default_factory=dict)  # field -> values that calls of the API cause

    @classmethod
    def of(cls, definition: Definition, facts: Facts) -> "Carrier":
        answers: dict[str, dict[str, set[str]]] = {}
        outcomes: dict[str, set[str]] = {}
        for way in facts.ways.values():
            for function, answered in way.answers.items():
                for name, value in (pair for each in answered for pair in each.items()):
                    answers.setdefault(function, {}).setdefault(name, set()).update([value] if value else [])
            for act in way.does.values():
                outcomes.setdefault(act.wait, set()).add(act.outcome)
        return cls(
            definition,
            frozenset(facts.steps),
            frozenset(name for name, step in facts.steps.items() if not step.states),
            {name: {of: frozenset(found) for of, found in each.items()} for name, each in answers.items()},
            {name: frozenset(found) for name, found in outcomes.items()},
        )

    def may_be(self, name: str) -> frozenset[str]:
        """Return all values that a field may have after the change."""
        answered = [fields[name] for fields in self.answers.values() if name in fields]
        return frozenset().union(self.outcomes.get(name, frozenset()), *answered)


def compare(before: Definition, after: Carrier) -> list[Change]:
    """List the changes, those that break first, otherwise in the workflow's order."""
    old, new = states(before), states(after.definition)
    found = [change for name, state in old.items() for change in _of_state(name, state, new, after)]
    found += [Change(name, "is new: no open execution enters it") for name in new if name not in old]
    if before.get("TimeoutSeconds") != after.definition.get("TimeoutSeconds"):
        found.append(_set("The workflow", "TimeoutSeconds", before.get("TimeoutSeconds"), after.definition))
    still = {function for state in old.values() if (function := called(state))}
    found += [
        Change(name, "is kept for open executions, and none calls it any more: take it out")
        for name in sorted(after.retired - still)
    ]
    return sorted(found, key=lambda change: not change.breaks)


def _of_state(name: str, state: State, new: Mapping[str, State], after: Carrier) -> Iterator[Change]:
    yield from _function(name, state, new, after)
    yield from _wait(name, state, new)
    yield from _request(name, state, new)
    now = new.get(name)
    if now is None:
        yield Change(name, "is gone: open executions go there all the same")
        return
    yield from _choice(name, state, now, after)
    for setting, value in settings(state):
        if value != now.get(setting):
            yield _set(name, setting, value, now)


def _set(name: str, setting: str, before: object, now: Mapping[str, object]) -> Change:
    if setting == "TimeoutSeconds":
        return Change(name, f"{setting} {before} → {now.get(setting)}: {KEPT}")
    return Change(name, f"{setting} is another: {KEPT}")


def _function(name: str, state: State, new: Mapping[str, State], after: Carrier) -> Iterator[Change]:
    if (function := called(state)) is None:
        return
    if function not in after.functions:
        yield Change(
            name, f"calls {function}, which is gone: the call fails, and the order with it", breaks=True,
            way=f"keep {function} for one release: Step(…, retired=True)",
        )  # fmt: skip
        return
    others = [sent(each) for each in new.values() if called(each) == function]
    if more := set().union(*others) - sent(state):
        yield Change(
            name, f"calls {function} without {_listed(more)}, which it is called with now", breaks=True,
            way="let the function do without for one release",
        )  # fmt: skip
    if function in after.answers and (gone := answers_read(state) - after.answers[function].keys()):
        yield Change(
            name, f"reads {_listed(gone)} of what {function} answers, which answers it no more", breaks=True,
            way="answer it for one release more",
        )  # fmt: skip


def _wait(name: str, state: State, new: Mapping[str, State]) -> Iterator[Change]:
    if not (wait := Wait.of(state)):
        return
    now = [found for each in new.values() if (found := Wait.of(each))]
    same = [each for each in now if each.attribute == wait.attribute]
    if not same:
        yield Change(
            name, f"has its token in `{wait.attribute}`, where nobody looks any more: only its timeout ends it",
            breaks=True, way="give back both tokens for one release",
        )  # fmt: skip
    elif all(each.unless != wait.unless for each in same):
        yield Change(
            name, f"waits unless there is {_listed(wait.unless)}; what ends the wait is written elsewhere now",
            breaks=True, way="write both for one release",
        )  # fmt: skip
    elif all(each.reads != wait.reads for each in same):
        yield Change(
            name, "takes another part of what wakes it up than is sent now", breaks=True,
            way="send both for one release",
        )  # fmt: skip


def _request(name: str, state: State, new: Mapping[str, State]) -> Iterator[Change]:
    if (asked := service(state)) is None:
        return
    if asked not in {service(each) for each in new.values()}:
        yield Change(
            name, f"asks for {asked}, which its definition asks for no more, so its role need not have it", breaks=True,
            way="keep the permission for one release",
        )  # fmt: skip
    elif Wait.of(state) is None and all(
        state["Parameters"] != each["Parameters"] for each in new.values() if service(each) == asked
    ):
        yield Change(
            name, f"asks {asked} for something else than it is asked for now", breaks=True,
            way="keep what it reads for one release",
        )  # fmt: skip


def _choice(name: str, state: State, now: State, after: Carrier) -> Iterator[Change]:
    known, knows = values(state), values(now)
    for of, ways in knows.items():
        new = ways.keys() - known.get(of, {}).keys()
        if unknown := sorted(new & after.may_be(of)):
            yield Change(
                name, f"does not know {_listed(unknown)} of {of}: it goes to {state.get('Default', 'no state at all')}",
                breaks=True, way="let the workflow know it in one release, and answer it in the next",
            )  # fmt: skip
        elif new:
            yield Change(name, f"knows {_listed(new)} of {of}, which nothing answers yet")
    moved = [value for of, ways in known.items() for value, to in ways.items() if knows.get(of, {}).get(value) != to]
    if moved:
        yield Change(name, f"leads elsewhere for {_listed(moved)}: open executions go the old way")


def _listed(names: object) -> str:
    return " and ".join(f"`{name}`" for name in sorted(names))  # type: ignore[call-overload]
