"""The flow of an order as the one file has it that says all of it: states, and the ways between them. Pure."""

from collections import Counter

from takeaway.compare.findings import Arrow, Box
from takeaway.compare.flow import Graph
from takeaway.docs.state_machine import CATCH_ALL, END, StateMachine, Transition
from takeaway.docs.workflow_picture import duration
from takeaway.fitness.workflow import WAITS_FOR_CALLBACK, State, Workflow

FEW = 3


def from_file(workflow: Workflow) -> Graph:
    """Its states and the ways between them. Exits for any error at all that many states have are drawn as one."""
    machine = StateMachine(workflow.definition["StartAt"], workflow.definition["States"])
    main = machine.main_steps()
    boxes = [
        Box(id=name, text=_state(name, machine), kind=_state_kind(machine.states[name])) for name in machine.states
    ]
    ways = [way for name in machine.states for way in machine.transitions(name) if way.target != END]
    unexpected = Counter(way.target for way in ways if _is_unexpected(way))
    common = {target for target, count in unexpected.items() if count > FEW}
    arrows = [
        Arrow(source=way.source, target=way.target, text=_said(way.label), is_main=(way.source, way.target) in main)
        for way in ways
        if way.target not in common or not _is_unexpected(way)
    ]
    for target in common:
        boxes.append(Box(id=f"any: {target}", text="any other step that fails", kind="person"))
        arrows.append(Arrow(source=f"any: {target}", target=target))
    return boxes, arrows


def _is_unexpected(way: Transition) -> bool:
    return way.kind == "otherwise" or (way.kind == "catch" and way.label == CATCH_ALL)


def _state(name: str, machine: StateMachine) -> str:
    state = machine.states[name]
    waits = str(state.get("Resource", "")).endswith(WAITS_FOR_CALLBACK)
    return f"{name} ({duration(int(state['TimeoutSeconds']))})" if waits else name


def _state_kind(state: State) -> str:
    if str(state.get("Resource", "")).endswith(WAITS_FOR_CALLBACK):
        return "wait"
    return {"Choice": "decision", "Fail": "end", "Succeed": "end"}.get(str(state["Type"]), "step")


def _said(label: str) -> str:
    known = {"States.Timeout": "timeout", CATCH_ALL: "any error"}
    return known.get(label) or label.rsplit(".", maxsplit=1)[-1].removesuffix("Exception")
