"""Find the fields that consumers declare and publishers do not write so. Pure."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from shared.schema_tools.fields import Field, fields_of
from takeaway.check.contracts import readable
from takeaway.check.contracts.consumers import Complaint, Consumer, Model
from takeaway.check.contracts.probes import Probe
from takeaway.check.contracts.published import Published, called

Asked = Mapping[str, list[Probe]]
DETAIL = "detail"


@dataclass(frozen=True)
class Disagreement:
    """A field that a consumer reads and a publisher does not write so; `what` says it in a sentence.

    `event` is empty if it is about several events or none.
    """

    consumer: str
    file: str
    event: str
    path: str
    what: str


def disagreements(published: Published, of: list[Consumer], asked: Asked) -> list[Disagreement]:
    """List all that would fail, or stay empty for ever, in consumers that are deployed as they are."""
    found = [each for consumer in of for each in _of_consumer(consumer, published, asked)]
    first: dict[tuple[str, str, str], Disagreement] = {}
    for each in found:  # of several about one field of an event, the first is nearest to the cause
        first.setdefault((each.consumer, each.event, each.path), each)
    return list(first.values())


def _of_consumer(consumer: Consumer, published: Published, asked: Asked) -> Iterator[Disagreement]:
    def disagree(event: str, path: str, what: str) -> Disagreement:
        return Disagreement(consumer.name, consumer.file, event, path, f"{consumer.name} {what}")

    for declared, model in consumer.reads.items():
        events = [each for each in published.schemas if consumer.declared(each) == declared]
        if not any(fnmatchcase(each, declared) for each in published.schemas):
            short = called(declared, published.schemas)
            yield disagree("", declared, f"reads {short}; {declared.partition('@')[0]} publishes no such event")
        for event in events:
            name, fields = called(event, published.schemas), fields_of(published.schemas[event])
            for path, what in _of_event(model, event, name, fields, asked.get(event, [])):
                yield disagree(event, path, what)
        yield from (disagree("", path, what) for path, what in _of_none(model, events, published))


def _of_event(
    model: Model, event: str, name: str, fields: Mapping[str, Field], asked: list[Probe]
) -> Iterator[tuple[str, str]]:
    """Compare a model with an event: field by field, then by the model's answers to probe events."""
    for path, said in {} if model.indirect else model.schemas.items():
        if path in fields:
            yield from readable.differences(said, fields[path].schema, path, name)
    for path, needed in {} if model.indirect else model.fields.items():
        if needed and (lacking := _lacking(path, fields)):
            yield lacking, f"reads {lacking}; {name} has none"
        elif needed and not fields[path].required:
            yield path, f"needs {path}; {name} may come without it"
    for probe, answer in zip(asked, model.answers.get(event, ()), strict=False):
        for complaint in answer:
            yield _told(complaint, probe, name, fields)


def _lacking(path: str, fields: Container[str]) -> str | None:
    """Return the path, or the uppermost part of it, that is not among the fields; None if all is there."""
    steps = path.split(".")
    ways = (".".join(steps[:length]).removesuffix("[]") for length in range(1, len(steps) + 1))
    return next((each for each in ways if each not in fields), None)


def _told(complaint: Complaint, probe: Probe, name: str, fields: Mapping[str, Field]) -> tuple[str, str]:
    path, known = _place(complaint, probe.event)
    if complaint.type == "missing":
        return path, f"needs {path}; {name} may come without it" if known or path in fields else (
            f"reads {path}; {name} has none"
        )  # fmt: skip
    example = f", where it is {probe.what}" if probe.what else ""
    return path, f"refuses {path or 'all'} of {name}{example}: {complaint.msg}"


def _place(complaint: Complaint, event: Any) -> tuple[str, bool]:
    """Return the path in the event that a complaint is about, and True if the event has it.

    Pydantic's `loc` also has names of a union's members, which are left out.
    """
    path, node, known = "", event, True
    for number, step in enumerate(complaint.loc, start=1):
        if (isinstance(node, dict) and step in node) or (isinstance(node, list) and isinstance(step, int)):
            node = node[step]  # type: ignore[index]
        elif complaint.type == "missing" and number == len(complaint.loc):
            known = False
        else:
            continue
        path = f"{path}[]" if isinstance(step, int) else f"{path}.{step}" if path else step
    return path.removeprefix(f"{DETAIL}."), known


def _of_none(model: Model, events: list[str], published: Published) -> Iterator[tuple[str, str]]:
    """Yield the optional fields that no event of this model ever has."""
    there = {path for event in events for path in fields_of(published.schemas[event])}
    names = ", ".join(called(event, published.schemas) for event in events)
    for path, needed in {} if model.indirect or not events else model.fields.items():
        if not needed and (lacking := _lacking(path, there)):
            yield lacking, f"reads {lacking}; {names} {'has' if len(events) == 1 else 'have'} none"
