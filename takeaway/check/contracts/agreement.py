"""Whether consumers can read what is published, as they declare it: each disagreement a sentence; pure."""

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
    """One thing that a consumer reads and a publisher does not write so. `event` is "" if it is about no single one."""

    consumer: str
    file: str
    event: str
    path: str
    what: str


def disagreements(published: Published, of: list[Consumer], asked: Asked) -> list[Disagreement]:
    """Everything that would fail, or be empty for ever, in a consumer that is deployed as it is."""
    found = [each for consumer in of for each in _of_consumer(consumer, published, asked)]
    first: dict[tuple[str, str, str], Disagreement] = {}
    for each in found:  # of one field of one event, the first that is said is the nearest to its cause
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
    """Field by field, then what the model itself says to events that may be written."""
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
    """A field that is not there: the uppermost of those on the way to it."""
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
    """The path of what is complained of, and whether it is there; names of a union's members are no part of it."""
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
    """What a model reads if it is there, and no event that it is for ever has."""
    there = {path for event in events for path in fields_of(published.schemas[event])}
    names = ", ".join(called(event, published.schemas) for event in events)
    for path, needed in {} if model.indirect or not events else model.fields.items():
        if not needed and (lacking := _lacking(path, there)):
            yield lacking, f"reads {lacking}; {names} {'has' if len(events) == 1 else 'have'} none"
