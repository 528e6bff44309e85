"""The vouchers' table has items of every age: each version reads the items of all before it.

`items/` has the items of each version, by the day of the change; add one whenever `to_item` writes something else.
"""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from contexts.promotions.adapters.dynamodb_counted_orders import DynamoDBCountedOrders
from contexts.promotions.adapters.dynamodb_email_claims import DynamoDBEmailClaims
from contexts.promotions.adapters.order_item import from_item, to_item
from contexts.promotions.application.ports import BeingSent
from contexts.promotions.domain.money import Money
from contexts.promotions.domain.voucher import MEMORY, CompletedOrder, Earned, NoVoucher, Voucher
from tests.fakes.items import paths, with_more

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

FILES = sorted(Path(__file__).parent.glob("items/*.json"))
KEPT: dict[str, dict[str, Any]] = {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in FILES}
NEWEST = max(KEPT)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ORDER = CompletedOrder("order-1", "alice", Money(1900, "EUR"), NOON)
# Until MEMORY was longer than a voucher's validity, an item had a single time for the end of both.
VOUCHER = Voucher("order-1", "alice", "AAAA-BBBB-CCCC", Money(190, "EUR"), NOON, NOON + MEMORY)
EARNED: dict[str, Earned] = {"voucher": VOUCHER, "too little": NoVoucher.BELOW_MINIMUM_BASKET}
COUNTER = "counter"
each_version = pytest.mark.parametrize("version", KEPT)
each_outcome = pytest.mark.parametrize("name", EARNED)


@each_version
@each_outcome
def test_what_an_earlier_version_wrote_is_the_same_outcome_today(version: str, name: str) -> None:
    if name in KEPT[version]:
        assert from_item(KEPT[version][name]) == EARNED[name]


@each_outcome
def test_what_is_written_today_is_kept_for_the_versions_to_come(name: str) -> None:
    written = to_item(ORDER, 1, EARNED[name])
    assert written == KEPT[NEWEST][name], "keep it as another file of tests/promotions/items"


@each_version
@each_outcome
def test_what_every_earlier_version_reads_is_written_today(version: str, name: str) -> None:
    assert set(paths(KEPT[version].get(name, {}))) <= set(paths(to_item(ORDER, 1, EARNED[name])))


@each_outcome
def test_an_attribute_of_a_later_version_is_passed_over(name: str) -> None:
    assert from_item(with_more(KEPT[NEWEST][name])) == EARNED[name]


@each_version
def test_the_counter_of_an_earlier_version_is_counted_on(
    version: str, client: "DynamoDBClient", orders: DynamoDBCountedOrders
) -> None:
    if COUNTER in KEPT[version]:
        client.put_item(TableName="loyalty", Item=KEPT[version][COUNTER])
        assert orders.number_of("alice") == 1
        second = replace(ORDER, order_id="order-2")
        assert orders.count(second, number=2, earned=replace(VOUCHER, order_id="order-2")) != VOUCHER
        assert orders.number_of("alice") == 2


def test_a_counter_is_kept_as_it_is_written_today_for_the_versions_to_come(
    client: "DynamoDBClient", orders: DynamoDBCountedOrders
) -> None:
    orders.count(ORDER, number=1, earned=VOUCHER)
    [written] = client.scan(TableName="loyalty")["Items"]
    assert written == KEPT[NEWEST][COUNTER], "keep it as another file of tests/promotions/items"


@each_version
def test_the_claim_of_an_earlier_version_holds_and_its_sent_email_is_not_sent_again(
    version: str, client: "DynamoDBClient"
) -> None:
    claims = DynamoDBEmailClaims(client, "vouchers")
    for name, expected in (("voucher, e-mail claimed", "held"), ("voucher, e-mail sent", "sent")):
        if name in KEPT[version]:
            client.put_item(TableName="vouchers", Item=KEPT[version][name])
            assert asked(claims) == expected


def test_a_claim_is_kept_as_it_is_written_today_for_the_versions_to_come(
    client: "DynamoDBClient", orders: DynamoDBCountedOrders
) -> None:
    claims = DynamoDBEmailClaims(client, "vouchers")
    orders.count(ORDER, number=1, earned=VOUCHER)
    claims.claim("order-1", now=NOON, until=NOON + timedelta(minutes=1))
    [claimed] = client.scan(TableName="vouchers")["Items"]
    claims.record_sent("order-1", NOON)
    [sent] = client.scan(TableName="vouchers")["Items"]
    kept = [KEPT[NEWEST][name] for name in ("voucher, e-mail claimed", "voucher, e-mail sent")]
    assert [claimed, sent] == kept, "keep them as another file of tests/promotions/items"


def asked(claims: DynamoDBEmailClaims) -> str:
    """Ask for the e-mail as a second delivery does: it is `held` by the first, `free`, or `sent`."""
    try:
        claimed = claims.claim("order-1", now=NOON, until=NOON + timedelta(minutes=2))
    except BeingSent:
        return "held"
    return "free" if claimed else "sent"
