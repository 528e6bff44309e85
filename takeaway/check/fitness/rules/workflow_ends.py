"""A workflow ends: every state leads somewhere, every wait has a deadline and a way out."""

from collections.abc import Iterator

from shared.asl.data import TIMEOUT
from shared.asl.graph import ANY_ERROR, END, Definition, ends, following, machines, reachable
from takeaway.check.fitness.rule import Wrong, each_workflow
from takeaway.check.templates.workflow import Workflow


@each_workflow("waits-way-out")
def waits_way_out(workflow: Workflow) -> Iterator[str | Wrong]:
    """The end of a wait by timeout is a step of the process, not a failure or nothing at all."""
    catches = [catch for task in workflow.tasks.values() for catch in task.get("Catch", [])]
    failure = {catch["Next"] for catch in catches if catch["ErrorEquals"] == [ANY_ERROR]}
    for name, task in workflow.waits.items():
        ways = [catch["Next"] for catch in task.get("Catch", []) if TIMEOUT in catch["ErrorEquals"]]
        if not set(ways) - failure:
            yield f"state {name}", f"no Catch of {TIMEOUT} leads to a step of its own"
        yield f"{name} waits {_told(task.get('TimeoutSeconds'))}, then {', '.join(ways) or 'nothing'}"


@each_workflow("deadline-last")
def deadline_last(workflow: Workflow) -> Iterator[str | Wrong]:
    whole = workflow.definition.get("TimeoutSeconds")
    waits = sum(int(task.get("TimeoutSeconds", 0)) for task in workflow.waits.values())
    if not isinstance(whole, int):
        yield workflow.name, "the workflow as a whole has no TimeoutSeconds"
    elif whole <= waits:
        yield workflow.name, f"ends after {whole} s, its waits alone may take {waits} s"
    yield f"{workflow.name}: {_told(whole)} in all, its waits take up to {_told(waits)}"


@each_workflow("states-end")
def states_end(workflow: Workflow) -> Iterator[str | Wrong]:
    for machine in machines(workflow.definition):
        waiting = workflow.waits.keys() & machine["States"].keys()
        for what, names in (
            ("can't be reached", _unreachable(machine)),
            ("leads to no end", _dead_ends(machine)),
            ("can come back to itself without waiting for anybody", _loops(machine, waiting)),
        ):
            yield from ((f"state {name}", what) for name in names)
        yield f"{workflow.name}: {len(machine['States'])} states"


def _unreachable(machine: Definition) -> list[str]:
    return sorted(machine["States"].keys() - reachable(machine, machine["StartAt"]))


def _dead_ends(machine: Definition) -> list[str]:
    last = {name for name, state in machine["States"].items() if ends(state)} | {END}
    return [name for name in machine["States"] if not reachable(machine, name) & last]


def _loops(machine: Definition, waiting: set[str]) -> list[str]:
    """With no person and no deadline in between, a failure would spin there."""
    return [
        name
        for name in machine["States"]
        if name not in waiting
        and any(name in reachable(machine, target, around=waiting) for target in following(machine, name))
    ]


def _told(seconds: object) -> str:
    if not isinstance(seconds, int):
        return "without end"
    return f"{seconds // 60} min" if seconds % 60 == 0 else f"{seconds} s"
