"""The first page of the catalogue: all events, and who listens to which."""

import json
from collections.abc import Iterable, Iterator
from itertools import groupby

from shared.schema_tools import context_of
from shared.schema_tools.fields import personal_data
from takeaway.docs.events.catalogue import Catalogue, Event
from takeaway.docs.events.markdown import code, either
from takeaway.docs.events.pages import MARK, REPOSITORY, event_link
from takeaway.docs.events.rules import Rule
from takeaway.markdown import table

INTRODUCTION = """What a context has to tell the others, it says on the shared bus `{bus}`.
Whoever wants to know listens. Here is every event by its publisher, with the states of his workflow that publish it
and the rules that take it.

None of this is written by hand. Who publishes is found by walking every way through the workflow with the real steps,
failures included; who listens, from the rules of the synthesized templates; what is in an event, from its schema."""

ALSO = """The states of orders are drawn [where its workflow is told](../architecture.md#the-workflow).
[`close_order`](../../contexts/orders/handlers/close_order.py) is no state: it runs when an execution has
ended without success. Like *Fail order* it also publishes once more whatever was recorded before it."""

PROMISES = """- **At least once, in no promised order.** The same change has the same `metadata.event_id` however often
  it is published; `metadata.occurred_at` says when it happened, `metadata.causation_id` which event it followed.
- **One order, one thread**: all its events share `metadata.correlation_id`, the order's id.
- **Room to grow**: a new optional field is no new version. Read the fields that you use and ignore the rest
  ([rules of compatibility]({schemas}/README.md)).
- **Personal data** is in {personal}."""

FOR_TOOLS = """- [asyncapi.yaml](../asyncapi.yaml): all of it as one AsyncAPI 3 document, schemas and examples included.
- [shared/schemas]({schemas}): JSON Schema 2020-12 and an example per event; publisher and subscribers are
  tested against these files.
- On AWS: a registry for each publisher, `{registry}`, among EventBridge's schemas, deployed with it from
  the same files, in JSON Schema draft 4 (parameter [`schemaRegistry`](../running.md#parameters-of-a-deployment))."""


def index(catalogue: Catalogue) -> str:
    bus = catalogue.any_stage(catalogue.bus)
    folder = f"{REPOSITORY}/shared/schemas"
    personal = [event_link(each) for each in catalogue.events if personal_data(each.type, each.latest, each.source)]
    lines = [
        MARK,
        "# Events",
        "",
        INTRODUCTION.format(bus=bus),
        "",
        *(line for each in groupby(catalogue.events, lambda event: event.source) for line in _published(*each)),
        ALSO,
        "",
        "## Who listens",
        "",
        table(["who", "rule", "takes", "events"], (_rule(rule, catalogue) for rule in catalogue.subscriptions)),
        "",
        "## What a subscriber can rely on",
        "",
        PROMISES.format(schemas=folder, personal=f"{either(personal)} only" if personal else "no event"),
        "",
        "## For tools",
        "",
        FOR_TOOLS.format(schemas=folder, registry=f"{bus}-<context>"),
    ]
    return "\n".join(lines) + "\n"


def _published(source: str, events: Iterable[Event]) -> list[str]:
    rows = map(_event, events)
    return [
        f"## {context_of(source).capitalize()} publishes, as `{source}`",
        "",
        table(["event", "what has happened", "published from", "heard by"], rows),
        "",
    ]


def _event(event: Event) -> tuple[str, ...]:
    places = [
        f"*{place.state}*" if place.state else code(place.function) for place in event.publishers or () if place.records
    ]
    published_from = either(places) if places else "nowhere" if event.publishers is not None else "it does not tell"
    return event_link(event), event.description, published_from, ", ".join(rule.owner for rule in event.subscriptions)


def _rule(rule: Rule, catalogue: Catalogue) -> tuple[str, ...]:
    heard = ", ".join(_heard(rule, catalogue)) or "none of these"
    return (
        f"**{rule.owner}**",
        code(catalogue.any_stage(rule.name)),
        code(json.dumps(rule.pattern)),
        heard + (", if what is in it matches" if rule.looks_inside else ""),
    )


def _heard(rule: Rule, catalogue: Catalogue) -> Iterator[str]:
    for source, of in groupby(catalogue.events, lambda each: each.source):
        events = list(of)
        heard = [event for event in catalogue.heard_by(rule) if event in events]
        if len(heard) == len(events) > 1:
            yield f"every event of {context_of(source)}"
        else:
            yield from map(event_link, heard)
