"""The number of orders that a customer may place: some at once, then one after another."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto import mock_aws

from contexts.orders.adapters.dynamodb_allowances import DynamoDBAllowances
from contexts.orders.application.ports import Conflict
from contexts.orders.domain.allowance import Allowance
from tests.fakes import aws
from tests.fakes.orders import NOON

MINUTE = timedelta(minutes=1)
NOW = timedelta(0)
FIVE = Allowance(5, MINUTE)


def granted(allowance: Allowance, times: list[datetime]) -> list[bool]:
    full_at, found = None, []
    for now in times:
        found.append(not allowance.wait(full_at, now))
        if found[-1]:
            full_at = allowance.after_one_more(full_at, now)
    return found


def test_some_are_placed_at_once_then_one_a_minute() -> None:
    at = [NOON] * 6 + [NOON + MINUTE] * 2 + [NOON + 2 * MINUTE]
    assert granted(FIVE, at) == [True] * 5 + [False, True, False, True]


def test_who_has_waited_long_enough_has_all_of_it_again_and_no_more() -> None:
    at = [NOON] * 5 + [NOON + timedelta(days=9)] * 6
    assert granted(FIVE, at) == [True] * 10 + [False]


def test_whoever_waits_as_told_is_granted() -> None:
    full_at = NOON + 5 * MINUTE
    wait = FIVE.wait(full_at, NOON + timedelta(seconds=13))
    assert wait == timedelta(seconds=47)
    assert FIVE.wait(full_at, NOON + timedelta(seconds=13) + wait) == NOW


@given(st.lists(st.integers(0, 100_000), min_size=1, max_size=60), st.integers(1, 8), st.integers(1, 500))
def test_no_span_of_time_has_more_than_its_share(seconds: list[int], at_once: int, each: int) -> None:
    times = [NOON + timedelta(seconds=second) for second in sorted(seconds)]
    allowance = Allowance(at_once, timedelta(seconds=each))
    taken = [at for at, was in zip(times, granted(allowance, times), strict=True) if was]
    for first, begin in enumerate(taken):
        for last, end in enumerate(taken[first:], first):
            assert last - first + 1 <= at_once + (end - begin) / timedelta(seconds=each)


@pytest.fixture
def allowances() -> Iterator[DynamoDBAllowances]:
    with mock_aws():
        client = aws.client("dynamodb", region="eu-west-1")
        client.create_table(
            TableName="allowances",
            KeySchema=[{"AttributeName": "customer_id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "customer_id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        yield DynamoDBAllowances(client, "allowances", FIVE)


def test_the_table_counts_as_the_rule_says(allowances: DynamoDBAllowances) -> None:
    assert [allowances.take("anna", NOON) for _ in range(6)] == [NOW] * 5 + [MINUTE]
    assert allowances.take("anna", NOON + timedelta(seconds=20)) == timedelta(seconds=40)
    assert allowances.take("bob", NOON) == NOW
    assert allowances.take("anna", NOON + MINUTE) == NOW


class Hurried:
    """A client with which another writer is always a moment faster."""

    def __init__(self, client: Any, ahead: Callable[[], object]) -> None:
        self._client, self._ahead = client, ahead
        self.exceptions = client.exceptions

    def update_item(self, **arguments: Any) -> Any:
        self._ahead()
        return self._client.update_item(**arguments)


def test_orders_at_the_same_moment_are_all_counted(allowances: DynamoDBAllowances) -> None:
    others = iter(range(2))
    client = aws.client("dynamodb", region="eu-west-1")
    ahead = Hurried(client, lambda: next(others, None) is not None and allowances.take("anna", NOON))
    hurried = DynamoDBAllowances(ahead, "allowances", FIVE)  # type: ignore[arg-type]
    assert hurried.take("anna", NOON) == NOW  # the third
    assert [allowances.take("anna", NOON) for _ in range(3)] == [NOW, NOW, MINUTE]


def test_who_never_gets_a_turn_is_told_to_try_again(allowances: DynamoDBAllowances) -> None:
    many = DynamoDBAllowances(aws.client("dynamodb", region="eu-west-1"), "allowances", Allowance(99, MINUTE))
    ahead = Hurried(aws.client("dynamodb", region="eu-west-1"), lambda: many.take("anna", NOON))
    hurried = DynamoDBAllowances(ahead, "allowances", Allowance(99, MINUTE))  # type: ignore[arg-type]
    with pytest.raises(Conflict):
        hurried.take("anna", NOON)


def test_what_is_kept_of_a_customer_goes_when_all_may_be_placed_again(allowances: DynamoDBAllowances) -> None:
    allowances.take("anna", NOON)
    [item] = aws.client("dynamodb", region="eu-west-1").scan(TableName="allowances")["Items"]
    expires = datetime.fromtimestamp(int(item["expires_at"]["N"]), NOON.tzinfo)
    assert NOON + MINUTE < expires <= NOON + MINUTE + timedelta(seconds=2)
