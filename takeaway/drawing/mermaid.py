"""Write a graph as Mermaid source. Pure."""

from typing import Literal

from shared.asl.graph import StateMachine
from takeaway.drawing import workflow
from takeaway.drawing.graph import Arrow, Box, Graph

SHAPES = {
    "event": ("{{", "}}"),
    "queue": ("[(", ")]"),
    "person": ("([", "])"),
    "wait": ("(", ")"),
    "decision": ("{", "}"),
    "end": ("([", "])"),
    "fail": ("([", "])"),
    "parallel": ("[[", "]]"),
    "done": ("(((", ")))"),
}
CLASSES = """
    classDef step fill:#eef4ff,stroke:#4a6fa5,color:#10233f
    classDef main fill:#dff5e1,stroke:#2e7d32,color:#0d2b10
    classDef waits fill:#fff4d6,stroke:#b7791f,color:#3d2a05
    classDef note fill:#f6f6f6,stroke:#777777,stroke-dasharray:4 3,color:#333333
    classDef fails fill:#fde2e2,stroke:#b42318,color:#3f0a06
"""
STYLED = {"fail": "fails", "wait": "waits", "note": "note"}


def flowchart(machine: StateMachine) -> str:
    """Write a workflow as a Mermaid flowchart, from top to bottom and with colours."""
    return mermaid(workflow.graph(machine), direction="TD", styled=True) + CLASSES


def mermaid(graph: Graph, *, direction: Literal["LR", "TD"] = "LR", styled: bool = False) -> str:
    boxes, arrows = graph
    ids = {box.id: box.kind if box.kind == "done" else f"s{number}" for number, box in enumerate(boxes)}
    notes = {box.id: _box(box, ids, styled=styled) for box in boxes if box.kind == "note"}
    lines = [f"flowchart {direction}"]
    lines += [f"    {_box(box, ids, styled=styled)}" for box in boxes if box.id not in notes]
    lines += [
        f"    {notes.get(arrow.source, ids[arrow.source])} {_line(arrow)} {ids[arrow.target]}" for arrow in arrows
    ]
    return "\n".join(lines)


def _box(box: Box, ids: dict[str, str], *, styled: bool) -> str:
    left, right = SHAPES.get(box.kind, ("[", "]"))
    text = "<br/>".join(_quoted(line) for line in (box.text, box.detail) if line)
    style = f":::{STYLED.get(box.kind, 'main' if box.is_main else 'step')}" if styled and box.kind != "done" else ""
    return f'{ids[box.id]}{left}"{text}"{right}{style}'


def _line(arrow: Arrow) -> str:
    text = _quoted(arrow.text)
    if arrow.is_error:
        return f'-. "{text}" .->' if text else "-.->"
    line = "==>" if arrow.is_main else "-->"
    return f'{line}|"{text}"|' if text else line


def _quoted(text: str) -> str:
    return text.replace("&", "#amp;").replace('"', "#quot;").replace("<", "#lt;").replace(">", "#gt;")
