"""Write the event catalogue as pages: one for each event, and an index with the listeners."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from shared import schema_tools
from shared.schema_tools.fields import Field, fields
from takeaway.check.contracts.consumers import Consumer, uses, within
from takeaway.facts import Publisher
from takeaway.study.docs.events.catalogue import Catalogue, Event
from takeaway.study.docs.events.pictures import flow, life
from takeaway.study.docs.events.rules import Rule
from takeaway.study.docs.text import code, either, written

MARK = "<!-- generated from the schemas, the workflow, the code and the templates: `make docs`, never by hand -->"
REPOSITORY = "../../.."  # relative to docs/generated/events
SCHEMAS = f"{REPOSITORY}/shared/schemas"


@dataclass(frozen=True)
class Version:
    """One version of an event: its fields, an example, and the readers of each field."""

    event: Event
    number: int
    readers: Sequence[Consumer]

    @property
    def fields(self) -> list[Field]:
        return list(fields(self.event.type, self.number, self.event.source).values())

    @property
    def example(self) -> str:
        path = f"{self.event.source}/examples/{self.event.type}.v{self.number}.json"
        return (schema_tools.FOLDER / path).read_text(encoding="utf-8").strip()

    def read_by(self, path: str) -> str:
        """Name the consumers that read a field; empty for an object, because its inner fields name them."""
        if any(other.path != path and within(other.path, path) for other in self.fields):
            return ""
        name = schema_tools.name_of(self.event.type, self.number, self.event.source)
        return ", ".join(dict.fromkeys(use.consumer for use in uses(self.readers, name, path)))


def page(event: Event, catalogue: Catalogue) -> str:
    """Write an event's page: its publishers, its listeners, and its fields."""
    links = {each.type: each.link for each in catalogue.events if each.source == event.source}

    def where(place: Publisher) -> str:
        if place.state:
            return f"state *{place.state}*"
        rule = catalogue.trigger_of(place.function)
        ended = either(rule.pattern.get("detail", {}).get("status", ["in any way"]))
        return f"no state: rule {code(catalogue.any_stage(rule.name))}, when an execution has ended {ended}"

    return _written(
        "event.md.jinja",
        catalogue,
        event=event,
        flow=flow(event),
        causes=[links[each] for each in event.causes] + ["by nothing: the first of its order"] * event.may_be_first,
        effects=[links[each] for each in event.effects],
        closed=sorted({path for place in event.publishers or () for path in place.says}),
        where=where,
        versions=[Version(event, each, catalogue.readers) for each in reversed(event.versions)],
    )


def index(catalogue: Catalogue) -> str:
    """Write the index: all events, and their listeners."""

    def published_from(event: Event) -> str:
        recording = [place for place in event.publishers or () if place.records]
        if not recording:
            return "it does not tell" if event.publishers is None else "nowhere"
        return either(f"*{place.state}*" if place.state else code(place.function) for place in recording)

    def heard(rule: Rule) -> Iterator[str]:
        for _, of in groupby(catalogue.events, lambda each: each.source):
            events = list(of)
            links = [event.link for event in events if rule in event.subscriptions]
            yield from [f"every event of {events[0].context}"] if len(links) == len(events) > 1 else links

    return _written(
        "events.md.jinja",
        catalogue,
        published_from=published_from,
        heard=lambda rule: list(heard(rule)),
        life=lambda source: life(catalogue, source),
        read=lambda consumer: list(read(consumer, catalogue)),
    )


def read(consumer: Consumer, catalogue: Catalogue) -> Iterator[tuple[list[str], list[str]]]:
    """The fields that a consumer reads, each list of them with links to the events of which it reads just these."""
    found: dict[tuple[str, ...], list[str]] = {}
    for event in catalogue.events:
        paths = list(fields(event.type, event.latest, event.source))
        leaves = [path for path in paths if not any(other != path and within(other, path) for other in paths)]
        name = schema_tools.name_of(event.type, event.latest, event.source)
        if read_here := tuple(path for path in leaves if consumer.uses(name, path)):
            found.setdefault(read_here, []).append(event.link)
    yield from ((links, list(paths)) for paths, links in found.items())


def _written(template: str, catalogue: Catalogue, **facts: object) -> str:
    common = {"mark": MARK, "repository": REPOSITORY, "schemas": SCHEMAS, "any_stage": catalogue.any_stage}
    return written(template, catalogue=catalogue, **common, **facts)
