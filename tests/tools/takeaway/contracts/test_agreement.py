"""Consumers' declarations are compared with the published events: each disagreement is one sentence."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from takeaway.check.contracts.agreement import Disagreement
from takeaway.check.contracts.check import ContractsBroken, check
from takeaway.check.contracts.consumers import UnreadableConsumer
from takeaway.check.contracts.published import BrokenSchema
from takeaway.errors import NoRunningSystem
from takeaway.main import app
from takeaway.run.cli import deploy_destroy, options

EATEN: dict[str, Any] = {
    "type": "object",
    "required": ["data"],
    "properties": {
        "data": {
            "type": "object",
            "required": ["order_id", "total", "items", "cause", "stage", "at", "word"],
            "properties": {
                "order_id": {"type": "string", "format": "uuid"},
                "total": {
                    "type": "object",
                    "required": ["amount", "currency"],
                    "properties": {"amount": {"type": "integer", "minimum": 0}, "currency": {"type": "string"}},
                },
                "items": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["name"],
                        "properties": {"name": {"type": "string"}, "note": {"type": "string"}},
                    },
                },
                "cause": {"type": ["string", "null"]},
                "stage": {"type": "string", "enum": ["HOT", "COLD"]},
                "at": {"type": "string", "format": "date-time"},
                "word": {"type": "string"},
                "tip": {"type": "integer"},
            },
        }
    },
}
DATA = {
    "order_id": "6b0e2f0a-53f5-5f36-8f83-1d7d1c7e3a55", "total": {"amount": 950, "currency": "EUR"}, "cause": "hunger",
    "items": [{"name": "soup", "note": "hot"}, {"name": "tea"}], "stage": "HOT", "at": "2026-11-23T12:00:00.000Z",
    "word": "2026-11-23T12:00:00Z", "tip": 5,
}  # fmt: skip
HEAD = """
from datetime import datetime
from typing import Annotated, Any, Literal, NotRequired
from pydantic import AliasChoices, AliasPath, AwareDatetime, BaseModel, ConfigDict, Field, field_validator
from typing_extensions import TypedDict

Text = Annotated[str, Field(min_length=1)]

class Consumed(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True, frozen=True, hide_input_in_errors=True)

class Total(Consumed):
    amount: Annotated[int, Field(ge=0)]
    currency: Text

class Data(Consumed):
    order_id: Text
{fields}

class Detail(Consumed):
    data: Data

class Eaten(Consumed):
    detail: Detail

CONSUMES = {{{name!r}: Eaten}}
"""
EVENT = "takeaway.kitchen@eaten.v1"
# a consumer's declaration beside an order's id, and all findings about it
CASES: list[tuple[str, list[str]]] = [
    # a field that is not published, and similar cases
    ("    delivered_by: Text", ["reads data.delivered_by; eaten.v1 has none"]),
    ("    delivered_by: Text | None", ["reads data.delivered_by; eaten.v1 has none"]),
    ("    delivered_by: Text | None = None", ["reads data.delivered_by; eaten.v1 has none"]),
    ("    class Sum(Total):\n        tax: int\n    total: Sum", ["reads data.total.tax; eaten.v1 has none"]),
    ("    class Item(Consumed):\n        dish: Text\n    items: list[Item]",
     ["reads data.items[].dish; eaten.v1 has none"]),
    ("    tip: int", ["needs data.tip; eaten.v1 may come without it"]),
    ("    class Item(Consumed):\n        note: Text\n    items: list[Item]",
     ["needs data.items[].note; eaten.v1 may come without it"]),
    ("    total: int", ["reads data.total as integer; eaten.v1 has object"]),
    ("    class Sum(Consumed):\n        amount: Text\n    total: Sum",
     ["reads data.total.amount as string; eaten.v1 has integer"]),
    ("    class Sum(Consumed):\n        amount: bool = Field(strict=False)\n    total: Sum",
     ["reads data.total.amount as boolean; eaten.v1 has integer"]),
    ("    items: list[str]", ["reads data.items[] as string; eaten.v1 has object"]),
    ("    cause: Text", ["reads data.cause as string; eaten.v1 has null or string"]),
    ("    stage: Literal['HOT']", ['reads data.stage as "HOT"; eaten.v1 may have "COLD"']),
    ("    word: Literal['a', 'b']", ['reads data.word as "a" or "b"; eaten.v1 may have anything']),
    ("    word: AwareDatetime", ["reads data.word as date-time; eaten.v1 has string"]),
    ("    class Sum(Consumed):\n        amount: Annotated[int, Field(gt=1000)]\n    total: Sum",
     ["refuses data.total.amount of eaten.v1: Input should be greater than 1000"]),
    ("    model_config = ConfigDict(extra='forbid')\n    total: Total\n    items: list[Any]\n    cause: Any\n"
     "    at: Any\n    word: str\n    tip: Any = None",
     ["refuses data.stage of eaten.v1: Extra inputs are not permitted"]),
    ("    @field_validator('order_id')\n    @classmethod\n    def _odd(cls, value: str) -> str:\n"
     "        return {}[value]",
     ["refuses all of eaten.v1: its model raises KeyError"]),
    # names that are spelled differently
    ("    sum: Total = Field(alias='total')", []),
    ("    total: Total = Field(alias='sum')", ["reads data.sum; eaten.v1 has none"]),
    ("    amount: int = Field(validation_alias=AliasPath('total', 'amount'))", []),
    ("    tax: int = Field(validation_alias=AliasPath('total', 'tax'))", ["reads data.total.tax; eaten.v1 has none"]),
    ("    sum: Total = Field(validation_alias=AliasChoices('sum', 'total'))", []),
    ("    sum: Total = Field(validation_alias=AliasChoices('sum', 'sums'))", ["reads data.sum; eaten.v1 has none"]),
    ("    model_config = ConfigDict(populate_by_name=True)\n    total: Total = Field(alias='sum')", []),
    # correct declarations
    ("    total: Total\n    cause: Text | None\n    stage: Literal['HOT', 'COLD', 'OLD']\n    at: AwareDatetime\n"
     "    tip: int | None = None\n    word: Any", []),
    ("    class Sum(TypedDict):\n        amount: float\n        currency: NotRequired[str]\n    total: Sum", []),
    ("    class Pieces(Consumed):\n        pieces: int\n    total: Total | Pieces",
     ["reads data.total.pieces; eaten.v1 has none"]),
    ("    class Nested(Consumed):\n        name: Text\n        note: Text | None = None\n    items: list[Nested]", []),
]  # fmt: skip
NAMED: list[tuple[str, list[str]]] = [
    ("takeaway.kitchen@drunk.v1", ["reads drunk.v1; takeaway.kitchen publishes no such event"]),
    ("takeaway.kitchen@eaten.v2", ["reads eaten.v2; takeaway.kitchen publishes no such event"]),
    ("takeaway.kitchn@eaten.v1", ["reads eaten.v1; takeaway.kitchn publishes no such event"]),
    ("takeaway.kitchn@*.v1", ["reads *.v1; takeaway.kitchn publishes no such event"]),
    ("takeaway.*@*.v1", []),
]


def put(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


def publish(tree: Path, source: str, event: str, schema: dict[str, Any], data: dict[str, Any]) -> None:
    put(tree / f"shared/schemas/{source}/{event}.v1.schema.json", json.dumps(schema))
    put(tree / f"shared/schemas/{source}/examples/{event}.v1.json",
        json.dumps({"source": source, "detail-type": event, "detail": {"data": data}}))  # fmt: skip


def consume(tree: Path, context: str, fields: str, name: str = EVENT) -> None:
    put(tree / "contexts/__init__.py", "")
    put(tree / f"contexts/{context}/__init__.py", "")
    put(tree / f"contexts/{context}/consumed_events.py", HEAD.format(fields=fields, name=name))


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Disagreement]]:
    """Return the findings on all cases: one tree with a context each, whose consumers are read by one process."""
    tree = tmp_path_factory.mktemp("tree")
    publish(tree, "takeaway.kitchen", "eaten", EATEN, DATA)
    for number, (fields, _) in enumerate(CASES):
        consume(tree, f"case{number}", fields)
    for number, (name, _) in enumerate(NAMED):
        consume(tree, f"named{number}", "", name)
    names, found = check(tree)
    return {name: [each for each in found if each.consumer == name] for name in names}


@pytest.mark.parametrize("number", range(len(CASES)), ids=[fields for fields, _ in CASES])
def test_what_is_read_and_not_published_so_is_told_field_by_field(
    said: dict[str, list[Disagreement]], number: int
) -> None:
    name = f"case{number}"
    assert [each.what for each in said[name]] == [f"{name} {what}" for what in CASES[number][1]]
    assert {each.file for each in said[name]} <= {f"contexts/{name}/consumed_events.py"}


@pytest.mark.parametrize("number", range(len(NAMED)), ids=[name for name, _ in NAMED])
def test_an_event_that_nobody_publishes_is_told(said: dict[str, list[Disagreement]], number: int) -> None:
    assert [each.what for each in said[f"named{number}"]] == [f"named{number} {what}" for what in NAMED[number][1]]


def test_a_context_whose_reading_is_wrong_is_not_deployed_nor_an_engine_started_and_others_are_not_held_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(tmp_path, "takeaway.kitchen", "eaten", EATEN, DATA)
    consume(tmp_path, "loyalty", "    delivered_by: Text")
    consume(tmp_path, "refunds", "    total: Total")
    put(tmp_path / "contexts/ratings/consumed_events.py", "CONSUMES = [")
    put(tmp_path / "contexts/ratings/__init__.py", "")
    started: list[str] = []

    @contextmanager
    def start(*_: object, **__: object) -> Iterator[None]:
        started.append("an engine")
        raise NoRunningSystem
        yield

    monkeypatch.setattr(deploy_destroy, "REPOSITORY", tmp_path)
    monkeypatch.setattr(options, "found_or_started", start)

    def deploy(context: str) -> BaseException | None:
        return CliRunner().invoke(app, ["deploy", context]).exception

    refused = deploy("loyalty")
    assert isinstance(refused, ContractsBroken)
    assert "loyalty reads data.delivered_by; eaten.v1 has none (contexts/loyalty/consumed_events.py)" in str(refused)
    assert isinstance(deploy("ratings"), UnreadableConsumer)
    assert started == []
    assert isinstance(deploy("refunds"), NoRunningSystem)
    assert started == ["an engine"]


def test_an_event_is_the_one_of_its_source(tmp_path: Path) -> None:
    publish(tmp_path, "takeaway.kitchen", "eaten", EATEN, DATA)
    anything = {"properties": {"data": {"type": "object"}}, "required": ["data"]}
    publish(tmp_path, "takeaway.payments", "eaten", anything, {})
    consume(tmp_path, "loyalty", "    total: Total")
    consume(tmp_path, "refunds", "    total: Total", "takeaway.payments@eaten.v1")
    assert [each.what for each in check(tmp_path)[1]] == [
        "refunds reads data.order_id; takeaway.payments@eaten.v1 has none",
        "refunds reads data.total; takeaway.payments@eaten.v1 has none",
    ]  # fmt: skip
    assert check(tmp_path, "loyalty") == (["loyalty"], [])


@pytest.mark.parametrize("example", ["[]", "{", '{"source": "takeaway.kitchen"}', '"text"'])
def test_an_example_that_is_no_event_is_named(tmp_path: Path, example: str) -> None:
    publish(tmp_path, "takeaway.kitchen", "eaten", EATEN, DATA)
    put(tmp_path / "shared/schemas/takeaway.kitchen/examples/eaten.v1.json", example)
    with pytest.raises(BrokenSchema, match=r"examples/eaten\.v1\.json is no event as the bus delivers it"):
        check(tmp_path)
