"""Draw a deployed workflow, and mark the path of one order on it with CSS classes, so that the layout never changes."""

import re
from collections.abc import Sequence
from copy import deepcopy
from functools import lru_cache
from itertools import pairwise
from xml.etree import ElementTree as ET

from markupsafe import Markup

from shared.asl.graph import END, StateMachine
from takeaway.clock import lasted
from takeaway.drawing import workflow
from takeaway.drawing.in_code import InCode, is_code
from takeaway.drawing.svg import svg
from takeaway.run.client.workflow import Step
from takeaway.unseen import visible

NUMBERS = re.compile(r"-?\d+(?:\.\d+)?")
MARKS = {"done": "✓", "now": "●", "failed": "✕", "retried": "↻"}
SUCCEEDED = "ExecutionSucceeded"
COMMENTS = re.compile(r"<!--.*?-->", re.DOTALL)


@lru_cache(maxsize=8)
def drawn(definition: str) -> ET.Element:
    """Draw a definition once; `marked` works on a copy."""
    graph = InCode.read(definition).graph() if is_code(definition) else workflow.graph(StateMachine.parse(definition))
    picture = ET.fromstring(COMMENTS.sub("", svg(graph, "workflow", ("TB",))))  # noqa: S314 - made by Graphviz
    ways = {f"{arrow.source}->{arrow.target}": arrow for arrow in graph[1]}
    for group in picture.iter("g"):
        title = group.findtext("title", "")
        if "node" in _classes(group):
            group.set("data-state", title)
        elif "edge" in _classes(group) and title in ways:
            group.set("data-from", ways[title].source)
            group.set("data-to", ways[title].target)
            if ways[title].is_error:
                group.set("class", f"{group.get('class')} error")
        if "node" in _classes(group) or "edge" in _classes(group):
            group.remove(group.find("title"))  # type: ignore[arg-type]
    picture.set("class", "workflow")
    return picture


def marked(definition: str, steps: Sequence[Step]) -> Markup:
    """Return the drawing with the condition of each state, and the transitions that the order took."""
    picture = deepcopy(drawn(definition))
    conditions = conditions_of(steps)
    taken = _taken(steps)
    direct = {(edge.get("data-from"), edge.get("data-to")) for edge in picture.iter("g") if edge.get("data-from")}
    for group in picture.iter("g"):
        state, source, target = (group.get(f"data-{name}") for name in ("state", "from", "to"))
        if state is not None and (condition := conditions.get(state)):
            group.set("class", f"{group.get('class')} is-{condition}")
            _mark(group, condition, _times(steps, state))
        # An error transition that many states share is drawn as one arrow, from a note.
        shared = str(source).startswith("any: ") and any(to == target and (a, to) not in direct for a, to in taken)
        if (source, target) in taken or shared:
            group.set("class", f"{group.get('class')} taken")
    picture.set("aria-label", _said(steps))
    return Markup(ET.tostring(picture, encoding="unicode"))  # noqa: S704 - built as elements, so texts are escaped


def conditions_of(steps: Sequence[Step]) -> dict[str, str]:
    """Map states to done, now, retried (done after errors), or failed (left by an error, or by the execution's end).

    A state that was not entered is left out.
    """
    end = next((step for step in steps if step.is_end), None)
    found: dict[str, str] = {}
    for step in steps:
        if step.is_end:
            continue
        if step.left is None:
            found[step.name] = "now" if end is None else "done" if end.name == SUCCEEDED else "failed"
        else:
            given_up = step.errors and len(step.errors) >= step.tries
            found[step.name] = "failed" if given_up else "retried" if step.errors else "done"
    if end and end.name == SUCCEEDED:
        found[END] = "done"
    return found


def _taken(steps: Sequence[Step]) -> set[tuple[str, str]]:
    states = [step.name for step in steps if not step.is_end]
    ended = any(step.is_end and step.name == SUCCEEDED for step in steps)
    return {*pairwise(states), *([(states[-1], END)] if ended and states else [])}


def _said(steps: Sequence[Step]) -> str:
    """Describe the drawing for screen readers; the page's table of states has the details."""
    states = [step.name for step in steps if not step.is_end]
    if not states:
        return "The workflow; nothing of this order has run."
    return f"The workflow. Its way so far: {visible(', '.join(states))}."


def _times(steps: Sequence[Step], state: str) -> str:
    """Tell how long the order was in the state the last time, and the number of tries if there were several."""
    there = [step for step in steps if step.name == state]
    if not there or there[-1].left is None or there[-1].left == there[-1].at:
        return ""
    tries = f", {there[-1].tries} tries" if there[-1].tries > 1 else ""
    return f"{lasted(there[-1].left - there[-1].at)}{tries}"


def _mark(group: ET.Element, condition: str, times: str) -> None:
    """Add a sign to a state's box, so that colour is not the only mark, and how long the order was in the state."""
    shape = next((each for each in group if each.tag in ("polygon", "path", "ellipse")), None)
    if shape is None or shape.tag == "ellipse":
        return
    numbers = [float(each) for each in NUMBERS.findall(shape.get("points") or shape.get("d") or "")]
    x, y = max(numbers[::2]), min(numbers[1::2])
    badge = ET.SubElement(group, "circle", {"class": "badge", "cx": f"{x:.1f}", "cy": f"{y:.1f}", "r": "7"})
    badge.tail = "\n"
    sign = ET.SubElement(group, "text", {"class": "sign", "x": f"{x:.1f}", "y": f"{y + 3.4:.1f}"})
    sign.text = MARKS[condition]
    said = ET.SubElement(group, "text", {"class": "lasted", "x": f"{min(numbers[::2]) - 4:.1f}", "y": f"{y + 10:.1f}"})
    said.text = times


def _classes(group: ET.Element) -> list[str]:
    return (group.get("class") or "").split()
