"""Draws the events: what one is published from and heard by, and which of them leads to which."""

from takeaway.drawing.graph import Arrow, Box, Graph
from takeaway.drawing.mermaid import mermaid
from takeaway.study.docs.events.catalogue import Catalogue, Event


def flow(event: Event) -> str:
    """Mermaid's source: the states and functions that publish an event, the event, and the contexts that hear it."""
    boxes, arrows = [Box(id="event", text=event.name, kind="event")], []
    for place in event.publishers or ():
        name = place.state or place.function
        boxes.append(Box(id=f"from {name}", text=name, detail=event.context))
        arrows.append(Arrow(source=f"from {name}", target="event", is_main=place.records, is_error=not place.records))
    for rule in event.subscriptions:
        boxes.append(Box(id=f"to {rule.name}", text=rule.owner, detail=rule.function or "", kind="queue"))
        arrows.append(Arrow(source="event", target=f"to {rule.name}", is_main=True))
    return mermaid((boxes, arrows))


def life(catalogue: Catalogue, source: str) -> str:
    """Mermaid's source: the events of one publisher, each with an arrow from every event that may cause it."""
    own = [event for event in catalogue.events if event.source == source]
    boxes = [Box(id=event.type, text=event.name, kind="event") for event in own]
    graph: Graph = (boxes, [Arrow(source=cause, target=event.type) for event in own for cause in event.causes])
    return mermaid(graph, direction="TD")
