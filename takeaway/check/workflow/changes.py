"""Compare two definitions of a workflow: list the changes, and those that open executions would not survive."""

from collections.abc import Iterator, Mapping

from shared.asl.graph import Definition, State, states
from takeaway.check.workflow.breaks import Change, breaks, listed
from takeaway.check.workflow.carrier import Carrier
from takeaway.check.workflow.requests import service
from takeaway.check.workflow.states import called, settings, values

KEPT = "open executions keep it as it was"
ASKED = frozenset({"Resource", "Parameters", "ResultSelector"})  # told by what breaks, if something does


def compare(before: Definition, after: Carrier) -> list[Change]:
    """List the changes, those that break first, otherwise in the workflow's order."""
    old, new = states(before), states(after.definition)
    found = [change for name, state in old.items() for change in _of_state(name, state, new.get(name), before, after)]
    found += [Change(name, "is new: no open execution enters it") for name in new if name not in old]
    found += [
        _set("The workflow", setting, before, after.definition)
        for setting in ("StartAt", "TimeoutSeconds")
        if before.get(setting) != after.definition.get(setting)
    ]
    still = {called(state) for state in old.values()}
    asked = {str(service(state)).lower() for state in (*old.values(), *new.values())}
    found += [
        Change(name, "is kept for open executions, and none calls it any more: take it out")
        for name in [
            *sorted(after.retired - still),
            *sorted(each for each in after.requests if each.lower() not in asked),
        ]
    ]
    return sorted(found, key=lambda change: not change.breaks)


def _of_state(name: str, state: State, now: State | None, before: Definition, after: Carrier) -> Iterator[Change]:
    breaking = list(breaks(name, before, after))
    yield from breaking
    if now is None:
        yield Change(name, "is gone: open executions go there all the same")
        return
    yield from _choice(name, state, now, after)
    for setting in settings(state, now):
        if not (breaking and setting in ASKED):
            yield _set(name, setting, state, now)


def _set(name: str, setting: str, before: Mapping[str, object], now: Mapping[str, object]) -> Change:
    if setting == "TimeoutSeconds":
        return Change(name, f"{setting} {before.get(setting)} → {now.get(setting)}: {KEPT}")
    return Change(name, f"{setting} is another: {KEPT}")


def _choice(name: str, state: State, now: State, after: Carrier) -> Iterator[Change]:
    known, knows = values(state), values(now)
    for of, ways in knows.items():
        if early := ways.keys() - known.get(of, {}).keys() - after.may_be(of):
            yield Change(name, f"knows {listed(early)} of {of}, which nothing answers yet")
    moved = [value for of, ways in known.items() for value, to in ways.items() if knows.get(of, {}).get(value) != to]
    if moved:
        yield Change(name, f"leads elsewhere for {listed(moved)}: open executions go the old way")
    elif known == knows and state.get("Choices") != now.get("Choices"):
        yield _set(name, "Choices", state, now)
