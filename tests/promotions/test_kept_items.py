"""The vouchers' table has items of every age: each version reads the items of all before it.

`items/` has the items of each version, by the day of the change; add one whenever `to_item` writes something else.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from contexts.promotions.adapters.order_item import from_item, to_item
from contexts.promotions.domain.money import Money
from contexts.promotions.domain.voucher import MEMORY, CompletedOrder, Earned, NoVoucher, Voucher

FILES = sorted(Path(__file__).parent.glob("items/*.json"))
KEPT: dict[str, dict[str, Any]] = {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in FILES}
NEWEST = max(KEPT)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ORDER = CompletedOrder("order-1", "alice", Money(1900, "EUR"), NOON)
# Until MEMORY was longer than a voucher's validity, an item had a single time for the end of both.
VOUCHER = Voucher("order-1", "alice", "AAAA-BBBB-CCCC", Money(190, "EUR"), NOON, NOON + MEMORY)
EARNED: dict[str, Earned] = {"voucher": VOUCHER, "too little": NoVoucher.BELOW_MINIMUM_BASKET}
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
    assert KEPT[version].get(name, {}).keys() <= to_item(ORDER, 1, EARNED[name]).keys()


@each_outcome
def test_an_attribute_of_a_later_version_is_passed_over(name: str) -> None:
    assert from_item({**KEPT[NEWEST][name], "season": {"S": "winter"}}) == EARNED[name]
