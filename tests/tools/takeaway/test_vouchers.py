"""The list of vouchers, as a person sees it."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from rich.console import Console

from contexts.promotions.reader import Voucher
from takeaway.run.cli.vouchers import print_vouchers

NOON = datetime(2026, 11, 23, 12, 0, 0, 250_000, tzinfo=UTC)
EXPIRY = NOON + timedelta(days=7)


def test_the_list_says_which_vouchers_are_for_loyalty() -> None:
    shown = io.StringIO()
    first = Voucher("order-1", "anna", "K7CF", 215, "EUR", NOON, EXPIRY, NOON)
    print_vouchers([first, replace(first, code="K7CH", loyalty_order=4)], Console(file=shown, width=120))
    _, ordinary, loyal = shown.getvalue().splitlines()
    assert ordinary.split() == ["K7CF", "2.15", "EUR", "anna", "order-1", "2026-11-30"]
    assert loyal.split()[-3:] == ["order", "number", "4"]
