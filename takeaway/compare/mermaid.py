"""A graph as the source of a Mermaid picture. Pure."""

from takeaway.compare.flow import Graph

SHAPES = {
    "event": ("{{", "}}"),
    "queue": ("[(", ")]"),
    "person": ("([", "])"),
    "wait": ("(", ")"),
    "decision": ("{", "}"),
}


def mermaid(graph: Graph) -> str:
    boxes, arrows = graph
    ids = {box.id: f"n{number}" for number, box in enumerate(boxes)}
    lines = ["flowchart LR"]
    for box in boxes:
        left, right = SHAPES.get(box.kind, ("[", "]"))
        lines.append(f'    {ids[box.id]}{left}"{_quoted(box.text)}"{right}')
    for arrow in arrows:
        line = "==>" if arrow.is_main else "-->"
        text = f'|"{_quoted(arrow.text)}"|' if arrow.text else ""
        lines.append(f"    {ids[arrow.source]} {line}{text} {ids[arrow.target]}")
    return "\n".join(lines)


def _quoted(text: str) -> str:
    return text.replace('"', "#quot;").replace("<", "#lt;").replace(">", "#gt;")
