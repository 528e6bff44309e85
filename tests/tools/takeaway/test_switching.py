"""One system over another: refused if it would leave an open order behind."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from takeaway.errors import TakeawayError
from takeaway.run.client import outputs
from takeaway.run.client.outputs import Stack, Stacks
from takeaway.run.client.target import Target
from takeaway.run.deploy import alone
from takeaway.run.deploy.parameters import Parameters
from takeaway.run.deploy.up import refuse_to_leave_orders_behind
from takeaway.run.engine.home import Home
from takeaway.run.engine.kinds import EngineKind, traits_of
from takeaway.wiring import Wiring
from tests.conftest import Silent


def stacks(**more: str) -> Stacks:
    return Stacks({"orders": Stack("takeaway-dev-orders", "CREATE_COMPLETE", {"OrdersTable": "orders", **more})})


class TableOnly(Target):
    """A system with nothing but a table of orders."""

    def client(self, service: str) -> Any:
        return boto3.client(service, region_name="us-east-1")  # type: ignore[call-overload]


@pytest.fixture
def target(home: Home) -> Iterator[Target]:
    with mock_aws():
        boto3.client("dynamodb", region_name="us-east-1").create_table(
            TableName="orders",
            KeySchema=[{"AttributeName": "order_id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "order_id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        yield TableOnly(home, endpoint="http://127.0.0.1:1")


def put(target: Target, **orders: str) -> None:
    for order_id, status in orders.items():
        target.client("dynamodb").put_item(
            TableName="orders", Item={"order_id": {"S": order_id}, "status": {"S": status}}
        )


@pytest.mark.parametrize("status", ["RECEIVED", "PLACED", "ACCEPTED"])
def test_an_open_order_keeps_its_system(target: Target, status: str) -> None:
    put(target, mine=status, other="COMPLETED")
    with pytest.raises(TakeawayError, match=r"hybrid system .* open orders \(mine\)"):
        refuse_to_leave_orders_behind(target, stacks(), wanted="choreographed")


def test_of_many_open_orders_a_few_are_named(target: Target) -> None:
    put(target, **{f"order{number}": "PLACED" for number in range(7)})
    with pytest.raises(TakeawayError, match="and 4 more"):
        refuse_to_leave_orders_behind(target, stacks(System="choreographed"), wanted="hybrid")


def test_orders_that_are_over_stop_nothing_nor_does_the_same_system_again(target: Target) -> None:
    put(target, mine="COMPLETED", other="REJECTED")
    refuse_to_leave_orders_behind(target, stacks(), wanted="orchestrated")
    put(target, another="PLACED")
    refuse_to_leave_orders_behind(target, stacks(System="orchestrated"), wanted="orchestrated")
    refuse_to_leave_orders_behind(target, Stacks({}), wanted="choreographed")


def test_orders_deployed_alone_are_refused_as_well_and_before_anything_is_made(
    target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outputs, "read", lambda _: stacks(System="choreographed"))
    monkeypatch.setitem(vars(target), "traits", traits_of(EngineKind.MINISTACK))
    put(target, mine="PLACED")
    for parameters in (Parameters(system=Wiring.HYBRID), Parameters(extra={"system": "hybrid"})):
        with pytest.raises(TakeawayError, match=r"choreographed system .* open orders \(mine\)"):
            alone.deploy(target, "orders", parameters, Silent())


def test_a_stack_that_says_nothing_of_its_system_is_the_hybrid() -> None:
    assert stacks().wiring is Wiring.HYBRID
    assert stacks(System="choreographed").wiring is Wiring.CHOREOGRAPHED
    assert Stacks({}).wiring is None
    assert Stacks({"orders": Stack("takeaway-dev-orders", "ROLLBACK_COMPLETE", {})}).wiring is None
