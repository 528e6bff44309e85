"""Money: amounts are whole minor units of one currency, and are written with that currency's decimals."""

import pytest

from contexts.orders.adapters.ses_customers import formatted
from contexts.orders.domain.errors import InvalidMoney
from contexts.orders.domain.money import Money, total_of


@pytest.mark.parametrize("amount", [-1, 9.5, True, "950", None])
def test_an_amount_is_a_whole_number_of_minor_units_from_0(amount: object) -> None:
    with pytest.raises(InvalidMoney, match="amount"):
        Money(amount, "EUR")  # type: ignore[arg-type]


@pytest.mark.parametrize("currency", ["eur", "EURO", "", "ЕUR"])
def test_a_currency_is_three_capital_letters(currency: str) -> None:
    with pytest.raises(InvalidMoney, match="currency"):
        Money(1, currency)


def test_a_total_is_in_one_currency() -> None:
    assert total_of([Money(950, "EUR").times(2), Money(0, "EUR")]) == Money(1900, "EUR")
    with pytest.raises(InvalidMoney, match="one currency"):
        total_of([Money(1, "EUR"), Money(1, "JPY")])
    with pytest.raises(InvalidMoney, match="one currency"):
        total_of([])


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (Money(1250, "EUR"), "12.50 EUR"),
        (Money(5, "EUR"), "0.05 EUR"),
        (Money(1200, "JPY"), "1200 JPY"),
        (Money(4750, "KWD"), "4.750 KWD"),
    ],
)
def test_an_amount_is_written_with_the_decimals_of_its_currency(money: Money, text: str) -> None:
    assert formatted(money) == text
