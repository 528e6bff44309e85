"""The bus of the tests: an event that is put onto it and violates its schema fails the test."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import pytest

from shared import schema_tools
from shared.schema_tools.problems import problems

MAX_ENTRIES, MAX_BYTES = 10, 256 * 1024  # limits of one PutEvents call


def keeps_its_contract(event: Mapping[str, Any]) -> None:
    """Fail the running test if an event of the bus violates its schema.

    Uses pytest's own failure, which passes through every `except Exception` on its way.
    """
    _accept(event["source"], event["detail-type"], json.dumps(event["detail"]))


def _accept(source: str, event_type: str, detail: str) -> None:
    if wrong := breach(source, event_type, detail):
        pytest.fail(wrong)


@lru_cache(maxsize=4096)  # cached because most tests publish the same events
def breach(source: str, event_type: str, detail: str) -> str:
    """Return how an event violates its contract, as a sentence that says what to do; "" if it does not."""
    folder = f"shared/schemas/{source}"
    if source not in schema_tools.sources():
        return f"{event_type} is published under the source {source}, and there is no folder {folder} with its schema"
    parsed = json.loads(detail)
    version = parsed.get("metadata", {}).get("schema_version")
    try:
        found = problems(parsed, event_type, version, source, strict=True)
    except schema_tools.UnknownEvent:
        return (
            f"{event_type}, version {version}, is published and has no schema. Write {folder}/{event_type}.v{version}"
            ".schema.json, an example and counter-examples (docs/event-changes.md)"
        )
    if not found:
        return ""
    listed = "".join(f"\n  {problem}" for problem in found)
    return (
        f"{event_type} is not what {event_type}.v{version}.schema.json says:{listed}\n"
        "Publish what the schema says; or, if more is to be said from now on, say so in the schema first"
    )


@dataclass
class CheckedBus:
    """A client with PutEvents, which fails the test if an event violates its schema."""

    taken: list[dict[str, Any]] = field(default_factory=list)

    def put_events(self, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803 - as boto3 has it
        size = sum(len(each[part].encode()) for each in Entries for part in ("Source", "DetailType", "Detail"))
        if len(Entries) > MAX_ENTRIES or size > MAX_BYTES:
            raise ValueError(f"PutEvents takes {MAX_ENTRIES} entries of {MAX_BYTES} bytes: {len(Entries)} of {size}")
        results = [self.put(entry) for entry in Entries]
        return {"FailedEntryCount": sum("ErrorCode" in result for result in results), "Entries": results}

    def put(self, entry: dict[str, Any]) -> dict[str, str]:
        source, event_type, detail = entry["Source"], entry["DetailType"], entry["Detail"]
        _accept(source, event_type, detail)
        self.taken.append({"source": source, "detail-type": event_type, "detail": json.loads(detail)})
        return {"EventId": "…"}


@dataclass
class FlakyBus(CheckedBus):
    """Refuses events of the given types, each for a number of times."""

    refuse: dict[str, int] = field(default_factory=dict)
    calls: int = 0

    def put_events(self, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803 - as boto3 has it
        self.calls += 1
        return super().put_events(Entries)

    def put(self, entry: dict[str, Any]) -> dict[str, str]:
        if self.refuse.get(entry["DetailType"], 0):
            self.refuse[entry["DetailType"]] -= 1
            return {"ErrorCode": "InternalFailure", "ErrorMessage": "…"}
        return super().put(entry)
