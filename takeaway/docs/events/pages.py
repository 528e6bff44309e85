"""The page of one event: who publishes it and from where, who listens, what is in it."""

import json
from collections.abc import Iterator, Sequence

from shared import schema_tools
from shared.schema_tools.fields import Field, fields, personal_data
from takeaway.contracts.uses import Consumer, uses, within
from takeaway.docs.events.catalogue import Catalogue, Event
from takeaway.docs.events.markdown import code, either, link, type_of
from takeaway.docs.events.rules import Rule
from takeaway.facts import Publisher
from takeaway.markdown import table

MARK = "<!-- generated from the schemas, the workflow, the code and the templates: `make docs`, never by hand -->"
REPOSITORY = "../.."  # as seen from docs/events
SCHEMAS = f"{REPOSITORY}/shared/schemas"
AGAIN = """*Again*: the step that recorded the change may have failed before it had published it. So it is published
once more, with the same `event_id`."""


def page(event: Event, catalogue: Catalogue) -> str:
    lines = [
        MARK,
        f"# {event.name}",
        "",
        event.description,
        "",
        *_summary(event, catalogue),
        "",
        "## Published by",
        "",
        *_publishers(event, catalogue),
        "",
        "## Subscribers",
        "",
        *_subscribers(event, catalogue),
    ]
    for version in reversed(event.versions):
        lines += ["", *_version(event, version, catalogue.readers)]
    return "\n".join(lines) + "\n"


def event_link(event: Event) -> str:
    return link(event.name, f"{event.name}.md")


def _summary(event: Event, catalogue: Catalogue) -> Iterator[str]:
    personal = sorted(personal_data(event.type, event.latest, event.source))
    beside = {each.type: event_link(each) for each in catalogue.events if each.source == event.source}
    causes = [beside[each] for each in event.causes] + (["by nothing: the first of its order"] * event.may_be_first)
    yield f"- **On the bus**: source `{event.source}`, detail-type `{event.type}`"
    if causes:
        yield f"- **Caused by**: {either(causes)}"
    if event.effects:
        yield f"- **May lead to**: {either(beside[each] for each in event.effects)}"
    yield f"- **Personal data**: {', '.join(map(code, personal)) or 'none'}"
    yield "- **All events**: [the catalogue](README.md), [AsyncAPI document](../asyncapi.yaml)"


def _publishers(event: Event, catalogue: Catalogue) -> list[str]:
    if event.publishers is None:
        return [f"{event.context.capitalize()}, which does not tell from where."]
    if not event.publishers:
        return ["Nothing publishes it."]
    closed = sorted({path for place in event.publishers for path in place.says})
    rows = [
        (
            where(place, catalogue),
            link(code(place.function), f"{REPOSITORY}/contexts/{event.context}/handlers/{place.function}.py"),
            "is recorded and published" if place.records else "is published *again*",
            *(", ".join(map(code, place.says.get(path, ()))) for path in closed),
        )
        for place in event.publishers
    ]
    told = table(["where", "function", "the change", *map(code, closed)], rows)
    notes = [] if all(place.records for place in event.publishers) else ["", AGAIN]
    workflow = link(f"the workflow of {event.context}", f"{REPOSITORY}/contexts/{event.context}/README.md")
    return [f"The states are those of {workflow}.", "", told, *notes]


def where(place: Publisher, catalogue: Catalogue) -> str:
    if place.state:
        return f"state *{place.state}*"
    rule = catalogue.trigger_of(place.function)
    ended = either(rule.pattern.get("detail", {}).get("status", ["in any way"]))
    return f"no state: rule {code(catalogue.any_stage(rule.name))}, when an execution has ended {ended}"


def _subscribers(event: Event, catalogue: Catalogue) -> list[str]:
    rows = [_subscription(rule, catalogue) for rule in catalogue.subscriptions if rule in event.subscriptions]
    if not rows:
        return ["Nobody listens to it yet."]
    return [table(["who", "rule, in its stack", "takes", "function, behind its queue"], rows)]


def _subscription(rule: Rule, catalogue: Catalogue) -> tuple[str, ...]:
    names = {name: code(catalogue.any_stage(name)) for name in (rule.name, rule.stack, rule.queue or rule.target)}
    function = link(code(rule.function), f"{REPOSITORY}/{rule.code}") if rule.code else "no function"
    return (
        f"**{rule.owner}**",
        f"{names[rule.name]} in {names[rule.stack]}",
        code(json.dumps(rule.pattern)),
        f"{function} behind {names[rule.queue or rule.target]}",
    )


def _version(event: Event, version: int, readers: Sequence[Consumer]) -> list[str]:
    found = fields(event.type, version, event.source)
    leaves = {path for path in found if not any(other != path and within(other, path) for other in found)}

    def read_by(path: str) -> str:
        used = uses(readers, schema_tools.name_of(event.type, version, event.source), path) if path in leaves else []
        return ", ".join(dict.fromkeys(use.consumer for use in used))

    schema = f"{SCHEMAS}/{event.source}/{event.type}.v{version}.schema.json"
    example = f"{event.source}/examples/{event.type}.v{version}.json"
    return [
        f"## What is in it, version {version}",
        "",
        f"The fields of `detail`, from {link('its schema', schema)}:",
        "",
        table(
            ["field", "type", "", "meaning", "read by"],
            ((*_field(field), read_by(path)) for path, field in found.items()),
        ),
        "",
        f"{link('An example', f'{SCHEMAS}/{example}')}, as a subscriber gets it:",
        "",
        "```json",
        (schema_tools.FOLDER / example).read_text(encoding="utf-8").strip(),
        "```",
    ]


def _field(field: Field) -> tuple[str, ...]:
    meaning = field.schema.get("description", "")
    if field.personal:
        meaning = f"**Personal data.** {meaning}".rstrip()
    return code(field.path), type_of(field.schema), "required" if field.required else "optional", meaning
