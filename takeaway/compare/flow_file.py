"""The flow of an order as the one file has it that says all of it: states, and the ways between them. Pure."""

from takeaway.compare.findings import Arrow, Box
from takeaway.compare.flow import Graph
from takeaway.docs.state_machine import CATCH_ALL, END, StateMachine
from takeaway.docs.workflow_picture import duration
from takeaway.fitness.workflow import WAITS_FOR_CALLBACK, State, Workflow


def from_file(workflow: Workflow) -> Graph:
    """Its states and the ways between them; exits for any error at all are left out, as in the picture of the docs."""
    machine = StateMachine(workflow.definition["StartAt"], workflow.definition["States"])
    main = machine.main_steps()
    boxes = [
        Box(id=name, text=_state(name, machine), kind=_state_kind(machine.states[name])) for name in machine.states
    ]
    arrows = [
        Arrow(source=name, target=way.target, text=_said(way.label), is_main=(name, way.target) in main)
        for name in machine.states
        for way in machine.transitions(name)
        if way.target != END and not (way.kind == "catch" and way.label == CATCH_ALL) and way.kind != "otherwise"
    ]
    return boxes, arrows


def _state(name: str, machine: StateMachine) -> str:
    state = machine.states[name]
    waits = str(state.get("Resource", "")).endswith(WAITS_FOR_CALLBACK)
    return f"{name} ({duration(int(state['TimeoutSeconds']))})" if waits else name


def _state_kind(state: State) -> str:
    if str(state.get("Resource", "")).endswith(WAITS_FOR_CALLBACK):
        return "wait"
    return {"Choice": "decision", "Fail": "end", "Succeed": "end"}.get(str(state["Type"]), "step")


def _said(label: str) -> str:
    return "timeout" if label == "States.Timeout" else label.rsplit(".", maxsplit=1)[-1].removesuffix("Exception")
