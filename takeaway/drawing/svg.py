"""Draw a graph as SVG with Graphviz, to be coloured by the page's style sheet."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import wrap
from typing import Any

from takeaway import programs
from takeaway.drawing.graph import Arrow, Box, Graph
from takeaway.errors import NotInstalled
from takeaway.paths import REPOSITORY, TOOLS

GRAPHVIZ = Path(__file__).with_name("graphviz.mjs")
INSTALLED = REPOSITORY / "node_modules" / "@viz-js" / "viz"
DIRECTIONS = ("LR", "TB")
SAID_AT_ONCE, LINE = 2, 20
ROUND = ("wait", "person", "end")  # kinds of boxes
LETTERS = {"fontname": "Helvetica", "fontsize": 12}
GRAPH = {"bgcolor": "transparent", "pad": 0.1, "nodesep": 0.2, "ranksep": 0.4}
BOX = {"shape": "box", "height": 0.36, "margin": "0.12,0.05", **LETTERS}
ARROW = {"arrowsize": 0.6, **LETTERS, "fontsize": 10}
ID = re.compile(r' id="[^"]*"')  # removed, because ids must be unique and a page has several drawings
POINTS = re.compile(r'(?<=<svg) width="(\d+)pt" height="(\d+)pt"')


def svg(graph: Graph, title: str, directions: Sequence[str] = DIRECTIONS) -> str:
    """Draw a graph in each direction, and return the narrowest drawing. Raises NotInstalled."""
    if not INSTALLED.exists():
        raise NotInstalled("Graphviz")
    graphs = json.dumps([_described(graph, title, direction) for direction in directions])
    done = programs.done([TOOLS / "node", GRAPHVIZ], what=f"drawing {title}", text=graphs)
    done.check_returncode()
    narrow = min(json.loads(done.stdout), key=lambda drawing: int(POINTS.findall(drawing)[0][0]))
    return POINTS.sub(r' width="\1" height="\2" role="img"', ID.sub("", narrow))


def _described(graph: Graph, title: str, direction: str) -> dict[str, Any]:
    """Describe a graph for viz.js, with CSS classes for the page's colours."""
    boxes, arrows = graph
    return {
        "name": title,
        "graphAttributes": {**GRAPH, "rankdir": direction},
        "nodeAttributes": BOX,
        "edgeAttributes": ARROW,
        "nodes": [_node(box) for box in boxes],
        "edges": list(_edges(arrows)),
    }


def _node(box: Box) -> dict[str, Any]:
    style = "rounded" if box.kind in ROUND else "solid"
    return {"name": box.id, "attributes": {"label": _text(box.text), "class": f"box {box.kind}", "style": style}}


def _edges(arrows: Sequence[Arrow]) -> Iterator[dict[str, Any]]:
    """Merge the arrows between two boxes into one with all labels; with more than two labels it says how many."""
    between = defaultdict(list)
    for arrow in arrows:
        between[arrow.source, arrow.target].append(arrow)
    for (tail, head), alike in between.items():
        said = list(dict.fromkeys(arrow.text for arrow in alike if arrow.text))
        if len(said) > SAID_AT_ONCE:
            said = [f"{len(said)} calls"]
        label = "\n".join(line for text in said for line in wrap(text, LINE, break_long_words=False))
        kind = "arrow main" if any(arrow.is_main for arrow in alike) else "arrow"
        yield {"tail": tail, "head": head, "attributes": {"label": _text(label), "class": kind}}


def _text(text: str) -> str:
    """Escape a text, because Graphviz treats a backslash as the start of an escape sequence."""
    return text.replace("\\", "\\\\")
