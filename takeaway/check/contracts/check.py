"""Check the consumers of a source tree against the events published in it, by reading files and asking models."""

import json
from pathlib import Path
from typing import Any

from takeaway.check.contracts.agreement import Disagreement, disagreements
from takeaway.check.contracts.consumers import consumers
from takeaway.check.contracts.probes import Probe, probes
from takeaway.check.contracts.published import FOLDER, BrokenSchema, Published, in_the_work_tree, published
from takeaway.errors import TakeawayError

ADVICE = "declare the field as the schema has it, or ask its publisher for it first (docs/event-changes.md)"


class ContractsBroken(TakeawayError):
    def __init__(self, found: list[Disagreement]) -> None:
        said = "".join(f"\n  {each.what} ({each.file})" for each in found)
        super().__init__(f"Consumers read what events do not have, so nothing was deployed:{said}\n{ADVICE}")


def check(tree: Path, consumer: str | None = None) -> tuple[list[str], list[Disagreement]]:
    """Return the names of the consumers, or of one, and their disagreements. Raises TakeawayError for broken files."""
    files = in_the_work_tree(tree)
    found = published(files)
    asked = {event: _asked(event, found, files) for event in found.schemas}
    chosen = consumers(tree, {event: [probe.event for probe in of] for event, of in asked.items()}, consumer)
    return [each.name for each in chosen], disagreements(found, chosen, asked)


def refuse_what_can_not_be_read(tree: Path, consumer: str | None = None) -> None:
    """Raise ContractsBroken if a consumer reads what no event has: deployed, it would fail without anybody noticing."""
    if found := check(tree, consumer)[1]:
        raise ContractsBroken(found)


def _asked(event: str, found: Published, files: dict[str, bytes]) -> list[Probe]:
    """Make probe events from an event's example; none if there is no example, which a test would report."""
    source, _, name = event.partition("@")
    path = f"{FOLDER}/{source}/examples/{name}.json"
    if path not in files:
        return []
    try:
        example: dict[str, Any] = json.loads(files[path])
        return probes(example, found.schemas[event])
    except (ValueError, LookupError, TypeError) as error:
        raise BrokenSchema(f"{path} is no event as the bus delivers it: {type(error).__name__}: {error}") from None
