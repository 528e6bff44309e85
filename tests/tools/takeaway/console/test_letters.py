"""Dead letters on a page: personal and unknown fields are not shown."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from shared import schema_tools
from shared.schema_tools.fields import personal_data
from takeaway.run.client.dead_letters import DeadLetter
from takeaway.run.console import letters

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def shown(monkeypatch: pytest.MonkeyPatch, body: str) -> letters.Letter:
    letter = DeadLetter("id", "RuntimeError: no", NOON, 5, body)
    monkeypatch.setattr(letters.dead_letters, "look", lambda *_, **__: [letter])
    [found] = letters.look(None)  # type: ignore[arg-type]
    assert (found.reason, found.received) == ("RuntimeError: no", 5)
    return found


def values(inside: Any, path: list[str]) -> list[Any]:
    if not path:
        return [inside]
    key = path[0].removesuffix("[]")
    several = inside if isinstance(inside, list) else [inside]
    return [value for each in several if key in each for value in values(each[key], path[1:])]


@pytest.mark.parametrize(("event_type", "version", "source"), schema_tools.events())
def test_of_every_event_all_that_its_schema_calls_personal_is_hidden_and_the_rest_shown(
    event_type: str, version: int, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    example = schema_tools.example(event_type, version, source)
    found = shown(monkeypatch, json.dumps(example))
    assert (found.name, found.order_id) == (event_type, example["detail"]["data"]["order_id"])
    for path in personal_data(event_type, version, source):
        for value in values(json.loads(found.body), path.split(".")):
            assert value == letters.HIDDEN, path
    assert json.loads(found.body)["metadata"] == example["detail"]["metadata"]


@pytest.mark.parametrize("body", ["", "no json", "[]", "5", '{"detail-type": "x"}', '{"Message": "Zoë, Via Roma 1"}'])
def test_what_is_no_event_with_a_schema_is_not_shown_at_all(body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = shown(monkeypatch, body)
    assert (found.name, found.order_id, found.body) == ("", "", "")


def test_an_event_of_an_unknown_type_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    example = schema_tools.example("order_completed")
    assert shown(monkeypatch, json.dumps({**example, "detail-type": "order_eaten"})).body == ""
    assert shown(monkeypatch, json.dumps({**example, "source": "takeaway.else"})).body == ""
