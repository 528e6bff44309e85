"""Make a graph of a workflow: the main path first, errors marked, and error exits that many states share as one."""

from shared.asl.data import TIMEOUT
from shared.asl.graph import ANY_ERROR, END, State, StateMachine, Transition, awaits_callback
from takeaway.drawing.graph import Arrow, Box, Graph

FEW = 3  # up to so many error exits to a state are drawn one by one, more as one
KINDS = {
    "Choice": "decision",
    "Succeed": "end",
    "Fail": "fail",
    "Wait": "wait",
    "Parallel": "parallel",
    "Map": "parallel",
}
ERRORS = {ANY_ERROR: "any error", TIMEOUT: "timeout"}


def graph(machine: StateMachine) -> Graph:
    main = machine.main_path()
    names = [*main, *(name for name in machine.states if name not in main)]
    ways = [way for name in names for way in machine.transitions(name)]
    boxes = [_box(name, machine.states[name], is_main=name in main) for name in names]
    if any(way.target == END for way in ways):
        boxes.append(Box(id=END, text="end", kind="done"))
    shared = _shared_error_exits(ways)
    main_steps = machine.main_steps()
    arrows = [
        Arrow(
            source=way.source,
            target=way.target,
            text=_error(way.label) if way.kind == "catch" else way.label,
            is_main=(way.source, way.target) in main_steps,
            is_error=way.kind == "catch",
        )
        for way in ways
        if way.target not in shared or not _is_unexpected(way)
    ]
    for target in shared:
        note = f"any: {target}"
        text, detail = _sources([way for way in ways if way.target == target and _is_unexpected(way)], machine)
        boxes.append(Box(id=note, text=text, kind="note", detail=detail))
        arrows.append(Arrow(source=note, target=target, is_error=True))
    return boxes, arrows


def _is_unexpected(way: Transition) -> bool:
    """True for an exit that only an unexpected event takes: any error, or a choice without a matching rule."""
    return way.kind == "otherwise" or (way.kind == "catch" and way.label == ANY_ERROR)


def _shared_error_exits(ways: list[Transition]) -> list[str]:
    """Return the states that so many others lead to after an error that the arrows would hide the rest."""
    targets = [way.target for way in ways if way.kind == "catch" and way.label == ANY_ERROR]
    return [target for target in dict.fromkeys(targets) if targets.count(target) > FEW]


def _sources(ways: list[Transition], machine: StateMachine) -> tuple[str, str]:
    tasks = {way.source for way in ways if way.kind == "catch"}
    all_tasks = {name for name, state in machine.states.items() if state["Type"] == "Task"}
    text = f"{'any' if tasks == all_tasks else 'any other'} step that still fails"
    choices = ", or a choice that no rule foresees" if any(way.kind == "otherwise" for way in ways) else ""
    return text, f"after its retries{choices}"


def _box(name: str, state: State, *, is_main: bool) -> Box:
    kind, detail = KINDS.get(state["Type"], "step"), ""
    if awaits_callback(state):
        kind, detail = "wait", f"callback within {duration(state['TimeoutSeconds'])}"
    elif state["Type"] == "Wait" and "Seconds" in state:
        detail = duration(state["Seconds"])
    return Box(id=name, text=name, kind=kind, detail=detail, is_main=is_main)


def _error(label: str) -> str:
    return ERRORS.get(label) or label.rsplit(".", maxsplit=1)[-1].removesuffix("Exception")


def duration(seconds: int) -> str:
    """Write a timeout in the largest unit that fits: h, min or s."""
    for unit, name in ((3600, "h"), (60, "min")):
        if seconds % unit == 0:
            return f"{seconds // unit} {name}"
    return f"{seconds} s"
