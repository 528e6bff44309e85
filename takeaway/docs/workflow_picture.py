"""Draws a workflow as a Mermaid flowchart: the main path thick and first, errors dotted."""

from takeaway.docs.state_machine import CATCH_ALL, END, StateMachine, Transition

FEW = 3  # so many error exits to one state are drawn one by one; more are drawn as one
SHAPES = {
    "Choice": ('{"', '"}'),
    "Succeed": ('(["', '"])'),
    "Fail": ('(["', '"])'),
    "Wait": ('("', '")'),
    "Parallel": ('[["', '"]]'),
    "Map": ('[["', '"]]'),
}
CLASSES = """
    classDef step fill:#eef4ff,stroke:#4a6fa5,color:#10233f
    classDef main fill:#dff5e1,stroke:#2e7d32,color:#0d2b10
    classDef waits fill:#fff4d6,stroke:#b7791f,color:#3d2a05
    classDef note fill:#f6f6f6,stroke:#777777,stroke-dasharray:4 3,color:#333333
    classDef fails fill:#fde2e2,stroke:#b42318,color:#3f0a06
"""


def flowchart(definition: str) -> str:
    """The Mermaid source of the picture of an ASL definition."""
    machine = StateMachine.parse(definition)
    main = machine.main_path()
    names = [*main, *(name for name in machine.states if name not in main)]
    ids = {name: f"s{number}" for number, name in enumerate(names)} | {END: "done"}
    ways = [way for name in names for way in machine.transitions(name)]
    unexpected = _common_error_exits(ways)
    lines = ["flowchart TD"]
    lines += [f"    {ids[name]}{_box(name, machine)}:::{_class(name, machine)}" for name in names]
    if any(way.target == END for way in ways):
        lines.append('    done((("end")))')
    main_steps = machine.main_steps()
    lines += [
        f"    {ids[way.source]} {_arrow(way, main=(way.source, way.target) in main_steps)} {ids[way.target]}"
        for way in ways
        if way.target not in unexpected or not _is_unexpected(way)
    ]
    for number, target in enumerate(unexpected):
        sources = [way for way in ways if way.target == target and _is_unexpected(way)]
        lines.append(f'    any{number}["{_sources(sources, machine)}"]:::note -.-> {ids[target]}')
    return "\n".join(lines) + CLASSES


def _is_unexpected(way: Transition) -> bool:
    """Exits that are there for what should not happen: any error at all, a choice that no rule foresaw."""
    return way.kind == "otherwise" or (way.kind == "catch" and way.label == CATCH_ALL)


def _common_error_exits(ways: list[Transition]) -> list[str]:
    """States to which so many others lead in case of an error that the arrows would hide the rest."""
    targets = [way.target for way in ways if way.kind == "catch" and way.label == CATCH_ALL]
    return [target for target in dict.fromkeys(targets) if targets.count(target) > FEW]


def _sources(ways: list[Transition], machine: StateMachine) -> str:
    tasks = {way.source for way in ways if way.kind == "catch"}
    all_tasks = {name for name, state in machine.states.items() if state["Type"] == "Task"}
    kinds = [f"{'any' if tasks == all_tasks else 'any other'} step that still fails<br/>after its retries"]
    if any(way.kind == "otherwise" for way in ways):
        kinds.append("a choice that no rule foresees")
    return ",<br/>or ".join(kinds)


def _box(name: str, machine: StateMachine) -> str:
    state = machine.states[name]
    left, right = SHAPES.get(state["Type"], ('["', '"]'))
    text = _quoted(name)
    if _awaits_callback(state):
        left, right = SHAPES["Wait"]
        text += f"<br/>callback within {duration(state['TimeoutSeconds'])}"
    elif state["Type"] == "Wait":
        text += f"<br/>{duration(state['Seconds'])}" if "Seconds" in state else ""
    return f"{left}{text}{right}"


def _awaits_callback(state: dict[str, object]) -> bool:
    return str(state.get("Resource", "")).endswith(".waitForTaskToken")


def _class(name: str, machine: StateMachine) -> str:
    state = machine.states[name]
    if state["Type"] == "Fail":
        return "fails"
    if state["Type"] == "Wait" or _awaits_callback(state):
        return "waits"
    return "main" if name in machine.main_path() else "step"


def _arrow(way: Transition, *, main: bool) -> str:
    if way.kind == "catch":
        return f'-. "{_error(way.label)}" .->'
    line = "==>" if main else "-->"
    return f'{line}|"{_quoted(way.label)}"|' if way.label else line


def _error(label: str) -> str:
    known = {CATCH_ALL: "any error", "States.Timeout": "timeout"}
    return known.get(label) or _quoted(label.rsplit(".", maxsplit=1)[-1].removesuffix("Exception"))


def duration(seconds: int) -> str:
    """A timeout in the unit that a person would say it in."""
    for unit, name in ((3600, "h"), (60, "min")):
        if seconds % unit == 0:
            return f"{seconds // unit} {name}"
    return f"{seconds} s"


def _quoted(text: str) -> str:
    return text.replace("&", "#amp;").replace('"', "#quot;").replace("<", "#lt;").replace(">", "#gt;")
