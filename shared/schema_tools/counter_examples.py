"""Events that nobody may ever publish, each with the reason: a correct example with one wrong value."""

import copy
import re
from dataclasses import dataclass
from typing import Any

from shared import schema_tools

STEP = re.compile(r"\[(?P<index>\d+)\]|(?P<name>[^.\[\]]+)")


@dataclass(frozen=True)
class CounterExample:
    """A wrong `detail`: its schema must refuse this field by this keyword of JSON Schema, and no other field."""

    event_type: str
    version: int
    source: str
    detail: dict[str, Any]
    field: str
    refused_by: str
    why: str

    @property
    def only_publishers_are_held_to_it(self) -> bool:
        """True for an undeclared field: readers ignore it, but its publisher breaks the contract."""
        return self.refused_by == "additionalProperties"


def counter_examples(event_type: str, version: int = 1, source: str | None = None) -> list[CounterExample]:
    """Return the counter-examples of an event, from `counter_examples/`. Raises UnknownEvent."""
    named = (event_type, version, source or schema_tools.source_of(event_type))
    right = schema_tools.example(*named)["detail"]
    wrongs = schema_tools.document(f"counter_examples/{event_type}.v{version}.json", named[-1])
    return [
        CounterExample(*named, _spoilt(right, each), each["field"], each["refused_by"], each["why"]) for each in wrongs
    ]


def _spoilt(right: dict[str, Any], wrong: dict[str, Any]) -> dict[str, Any]:
    detail = copy.deepcopy(right)
    *above, last = [int(step["index"]) if step["index"] else step["name"] for step in STEP.finditer(wrong["field"])]
    node: Any = detail
    for step in above:
        node = node[step]
    if wrong.get("missing"):
        del node[last]
    else:
        node[last] = wrong["value"]
    return detail
