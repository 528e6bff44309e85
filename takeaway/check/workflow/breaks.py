"""Find why an execution of an old definition would not end as it should beside the new one, state by state."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from shared.asl.graph import Definition, State, states
from takeaway.check.workflow.carrier import Carrier
from takeaway.check.workflow.requests import Wait, as_much, service
from takeaway.check.workflow.states import answers_read, called, failures, producers, sent, values


@dataclass(frozen=True)
class Change:
    """A change of a state. If `breaks`, an open execution that is in the state, or comes to it, goes wrong."""

    state: str
    what: str
    breaks: bool = False
    way: str = ""  # how to make the change safely


def breaks(name: str, before: Definition, after: Carrier) -> Iterator[Change]:
    """Yield what breaks an open execution of the definition `before` in one of its states."""
    old, new = states(before), states(after.definition)
    state = old[name]
    yield from _function(name, state, new, after)
    yield from _wait(name, state, new)
    yield from _request(name, state, new, after)
    yield from _unknown(name, before, _instead(name, old, new), after)


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
    if others and (more := set.intersection(*others) - sent(state)):
        yield Change(
            name, f"calls {function} without {listed(more)}, which it is called with now", breaks=True,
            way="let the function do without for one release",
        )  # fmt: skip
    if function in after.answers and (gone := answers_read(state) - after.answered_by(function)):
        yield Change(
            name, f"reads {listed(gone)} of what {function} answers, which answers it no more", breaks=True,
            way="answer it for one release more",
        )  # fmt: skip


def _wait(name: str, state: State, new: Mapping[str, State]) -> Iterator[Change]:
    if not (wait := Wait.of(state)):
        return
    now = [found for each in new.values() if (found := Wait.of(each))]
    same = [each for each in now if each.tokens & wait.tokens and each.table == wait.table]
    if not same:
        yield Change(
            name, f"has its token in {listed(wait.tokens)}, where nobody looks any more: only its timeout ends it",
            breaks=True, way="store it under both names for one release",
        )  # fmt: skip
    elif wait.unless and not any(each.unless & wait.unless for each in same):
        yield Change(
            name, f"waits unless there is {listed(wait.unless)}; what ends the wait is written elsewhere now",
            breaks=True, way="write both for one release",
        )  # fmt: skip
    elif not any(wait.reads <= each.reads for each in same):
        yield Change(
            name, "takes another part of what wakes it up than is sent now", breaks=True,
            way="send both for one release",
        )  # fmt: skip


def _request(name: str, state: State, new: Mapping[str, State], after: Carrier) -> Iterator[Change]:
    if (asked := service(state)) is None:
        return
    others = [each for each in new.values() if str(service(each)).lower() == asked.lower()]
    if not after.may_ask(asked):
        yield Change(
            name, f"asks for {asked}, which its role does not allow any more", breaks=True,
            way="keep it for one release in REQUESTS, beside the steps",
        )  # fmt: skip
    elif others and Wait.of(state) is None and not any(as_much(each, state) for each in others):
        yield Change(
            name, f"asks {asked} for something else than it is asked for now", breaks=True,
            way="keep what it reads for one release",
        )  # fmt: skip


def _instead(name: str, old: Mapping[str, State], new: Mapping[str, State]) -> list[State]:
    """Return the state as it is now; if it is gone, the states that are new, one of which has taken its place."""
    return [new[name]] if name in new else [new[each] for each in new if each not in old]


def _unknown(name: str, before: Definition, now: list[State], after: Carrier) -> Iterator[Change]:
    state = states(before)[name]
    otherwise = state.get("Default")
    for of, known in values(state).items():
        comes = (after.comes_from(called(each), of) for each in producers(before, name, of))
        answered = frozenset[str]().union(*comes) - known.keys()
        # A value that has a place of its own now is no other any more.
        if otherwise and otherwise not in failures(before):
            answered &= {value for each in now for value in values(each).get(of, ())}
        if answered:
            yield Change(
                name, f"does not know {listed(answered)} of {of}: it goes to {otherwise or 'no state at all'}",
                breaks=True, way="let the workflow know it in one release, and answer it in the next",
            )  # fmt: skip


def listed(names: object) -> str:
    return " and ".join(f"`{name}`" for name in sorted(names))  # type: ignore[call-overload]
