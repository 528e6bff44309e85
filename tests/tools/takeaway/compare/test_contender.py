"""A contender's order waits for people or goes on, and stories go by that."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from takeaway.run.client.workflow import Step
from takeaway.study.compare.contender import Contender
from takeaway.wiring import Wiring

NOW = datetime(2026, 11, 30, tzinfo=UTC)


@dataclass
class OneOrder:
    """Stands in for a system with one order, its workflow and its table."""

    state: str
    stored: set[str] = field(default_factory=set)
    has_workflow: bool = True

    @property
    def itself(self) -> Any:
        return self

    stacks = workflow = target = itself

    def output(self, *_: str) -> str:
        return "orders"

    def status(self, _: str) -> str:
        return "RUNNING"

    def steps(self, _: str) -> list[Step]:
        return [Step(NOW, self.state)]

    def client(self, _: str) -> Any:
        return self

    def get_item(self, *, ProjectionExpression: str, **_: Any) -> dict[str, Any]:  # noqa: N803 - as boto3 spells it
        asked = {name.strip() for name in ProjectionExpression.split(",")}
        return {"Item": {name: {"S": "…"} for name in self.stored & asked}}


def moves(order: OneOrder) -> bool:
    contender = Contender(Wiring.DURABLE, order)  # type: ignore[arg-type]
    contender.__dict__["stacks"] = {}  # no queue, so no message is under way
    return contender.moves("1")


@pytest.mark.parametrize(
    ("state", "stored", "goes_on"),
    [
        ("Notify restaurant", {"order_id"}, True),
        ("Await restaurant decision", {"order_id"}, True),
        ("Await restaurant decision", {"decision_token"}, False),
        ("Await restaurant decision", {"decision_token", "decision"}, True),
        ("Await restaurant decision", {"decision"}, True),
        ("Await completion", {"decision", "completion_token"}, False),
        ("Await completion", {"decision", "completion_token", "completion"}, True),
    ],
)
def test_an_order_goes_on_unless_it_waits_for_people_and_none_has_answered(
    state: str, stored: set[str], *, goes_on: bool
) -> None:
    assert moves(OneOrder(state, stored)) is goes_on


def test_where_no_workflow_is_an_order_goes_on_only_with_messages() -> None:
    assert not moves(OneOrder("", has_workflow=False))
