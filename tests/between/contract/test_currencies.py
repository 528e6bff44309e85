"""Orders and vouchers accept the same currencies, although the contexts share the standard and no code."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from iso4217 import Currency
from pydantic import ValidationError

from contexts.orders.api.models import MoneyBody
from contexts.orders.published_events import SOURCE
from contexts.promotions.settings.policy_file import InvalidPolicyFile, voucher_policy
from shared import schema_tools
from tests.fakes.consumers import REPOSITORY

NO_CURRENCIES = ("XXX", "XTS", "XAU", "XAG", "XDR", "HRK", "ZZZ", "eur", "Eur", "€", "")


def orders_takes(code: str) -> bool:
    try:
        return MoneyBody(amount=1, currency=code).currency == code
    except ValidationError:
        return False


@pytest.fixture
def promotions_takes(tmp_path: Path) -> Callable[[str], bool]:
    file = tmp_path / "policy.toml"

    def takes(code: str) -> bool:
        file.write_text(f"validity_days = 9\n[every_order]\n'{code}' = {{ minimum_basket = 9, amount = 5 }}", "utf-8")
        try:
            return code in voucher_policy(file).every_order
        except InvalidPolicyFile:
            return False

    return takes


def test_promotions_takes_the_currencies_that_orders_takes_and_no_others(
    promotions_takes: Callable[[str], bool],
) -> None:
    codes = {*(each.code for each in Currency), *NO_CURRENCIES}
    taken = {code for code in codes if orders_takes(code)}
    assert {code for code in codes if promotions_takes(code)} == taken
    assert {"EUR", "JPY", "KWD", "UAH"} <= taken
    assert not taken & set(NO_CURRENCIES)


def test_an_event_can_say_each_of_them() -> None:
    pattern = schema_tools.document("common.v1.schema.json", SOURCE)["$defs"]["money"]["properties"]["currency"][
        "pattern"
    ]
    taken = [each.code for each in Currency if orders_takes(each.code)]
    assert [code for code in taken if not re.search(pattern, code)] == []


def test_both_have_the_same_edition_of_the_standard() -> None:
    locks = [REPOSITORY / f"contexts/{name}/requirements.txt" for name in ("orders", "promotions")]
    pinned = [re.findall(r"^iso4217==(\S+)", lock.read_text("utf-8"), re.MULTILINE) for lock in locks]
    assert pinned[0] == pinned[1] != []
