"""Consumers are found by their consumed_events.py, wherever they are, and declare what they read."""

from pathlib import Path

import pytest

from takeaway.check.contracts.consumers import UnreadableConsumer, consumers
from takeaway.paths import REPOSITORY

MODELS = """
from typing import Literal, NotRequired
from pydantic import BaseModel, Field
from typing_extensions import TypedDict

class Money(BaseModel):
    amount: int

class Line(BaseModel):
    name: str
    price: Money | None = None

class Data(BaseModel):
    order_id: str = Field(alias="orderId")
    lines: list[Line]
    extra: dict[str, object] = {}

class Detail(BaseModel):
    data: Data

class Eaten(BaseModel):
    kind: Literal["eaten"] = Field(alias="detail-type")
    detail: Detail

class Plain(TypedDict):
    detail: dict[str, object]

print("a module that speaks when it is imported")
"""


def tree(folder: Path, source: str, context: str = "loyalty") -> Path:
    package = folder / "contexts" / context
    package.mkdir(parents=True)
    (folder / "contexts/__init__.py").touch()
    (package / "__init__.py").touch()
    (package / "consumed_events.py").write_text(source, encoding="utf-8")
    return folder


def test_every_consumer_of_this_repository_is_found() -> None:
    found = {consumer.name: set(consumer.reads) for consumer in consumers(REPOSITORY)}
    assert found["promotions"] == {"takeaway.orders@order_completed.v1"}
    assert found.keys() >= {"promotions", "analytics", "console"}
    assert set(found) == {path.parent.name for path in REPOSITORY.glob("*/*/consumed_events.py")}


def test_a_context_that_was_just_made_is_a_consumer_as_soon_as_it_says_what_it_reads(tmp_path: Path) -> None:
    [consumer] = consumers(tree(tmp_path, MODELS + '\nCONSUMES = {"a.b@eaten.v1": Eaten, "a.b@*.v2": Plain}'))
    assert (consumer.name, consumer.file) == ("loyalty", "contexts/loyalty/consumed_events.py")
    eaten = consumer.reads["a.b@eaten.v1"]
    assert eaten.name == "Eaten"
    assert eaten.fields == {
        "data.orderId": True, "data.lines[].name": True, "data.lines[].price.amount": False, "data.extra": False,
    }  # fmt: skip
    assert [use.field for use in consumer.uses("a.b@eaten.v1", "data.extra.anything")] == ["data.extra"]
    assert consumer.uses("a.b@drunk.v2", "data") == []  # it only declares that there is a detail
    assert consumer.uses("a.c@eaten.v1", "data.extra") == []  # another source's event of the same name


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("", "no attribute 'CONSUMES'"),
        ("import nothing_of_that_name", "ModuleNotFoundError"),
        ("CONSUMES = {'a.b@eaten.v1': 7}", "AttributeError"),
        ("CONSUMES = [", "SyntaxError"),
    ],
)
def test_a_consumer_that_does_not_say_what_it_reads_is_named_with_what_is_expected(
    tmp_path: Path, source: str, reason: str
) -> None:
    with pytest.raises(UnreadableConsumer) as refused:
        consumers(tree(tmp_path, source))
    assert str(refused.value).startswith("contexts/loyalty/consumed_events.py does not say what it reads")
    assert 'CONSUMES = {"takeaway.orders@order_completed.v1": ItsModel}' in str(refused.value)
    assert reason in str(refused.value)


@pytest.mark.parametrize("name", ["eaten.v1", "*.v1", "a.b@eaten", "a.b@", "", "a.b@eaten.1"])
def test_a_consumer_that_does_not_say_whose_event_it_reads_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnreadableConsumer, match=r"does not say whose .* it reads: expected CONSUMES"):
        consumers(tree(tmp_path, MODELS + f"\nCONSUMES = {{{name!r}: Eaten}}"))


def test_a_model_that_holds_itself_is_refused(tmp_path: Path) -> None:
    source = "from pydantic import BaseModel\nclass A(BaseModel):\n    a: 'A | None'\nCONSUMES = {'a.b@eaten.v1': A}"
    with pytest.raises(UnreadableConsumer, match="never ends"):
        consumers(tree(tmp_path, source))


def test_where_nobody_consumes_there_are_no_consumers(tmp_path: Path) -> None:
    assert consumers(tmp_path) == []
