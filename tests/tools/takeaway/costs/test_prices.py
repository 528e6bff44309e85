"""Counted units times the prices of a file: amounts here were worked out by hand."""

from decimal import Decimal
from pathlib import Path

import pytest

from takeaway.study.costs.figure_file import InvalidFile
from takeaway.study.costs.prices import PRICES, Price, Prices, priced, prices, total
from takeaway.study.costs.units import Units

MILLION = 1_000_000


@pytest.fixture(scope="module")
def today() -> Prices:
    return prices()


def test_units_add_up_and_scale() -> None:
    order = Units(state_transitions=Decimal(8), emails=Decimal(1)) + Units(emails=Decimal(1))
    assert order == Units(state_transitions=Decimal(8), emails=Decimal(2))
    assert order * 1000 == 1000 * order == Units(state_transitions=Decimal(8000), emails=Decimal(2000))
    assert order * Decimal("0.5") == Units(state_transitions=Decimal(4), emails=Decimal(1))


def test_only_what_was_counted_is_on_the_bill() -> None:
    assert (Units(alarms=Decimal(3)) * 2).counted() == {"alarms": Decimal(6)}
    assert Units().counted() == {}


def test_a_million_orders_of_eight_transitions_cost_what_the_article_says(today: Prices) -> None:
    [line] = priced(Units(state_transitions=Decimal(8)) * MILLION, today)
    assert (line.service, line.quantity, line.amount) == ("Step Functions", 8 * MILLION, 200)  # 8 x $25


def test_a_bill_has_a_line_for_each_unit_dearest_first(today: Prices) -> None:
    bill = priced(
        Units(
            emails=Decimal(2 * MILLION),  # 2,000 x $0.10 = $200.00
            table_writes=Decimal(24 * MILLION),  # 24 x $0.625 = $15.00
            table_reads=Decimal(10 * MILLION),  # 10 x $0.125 = $1.25
            events_published=Decimal(5 * MILLION),  # $5.00
            bucket_writes=Decimal(1000),  # $0.005
        ),
        today,
    )
    assert [(line.unit, line.amount) for line in bill] == [
        ("emails", 200),
        ("table_writes", 15),
        ("events_published", 5),
        ("table_reads", Decimal("1.25")),
        ("bucket_writes", Decimal("0.005")),
    ]
    assert total(bill) == Decimal("221.255")
    assert total(bill, "DynamoDB") == Decimal("16.25")


@pytest.mark.parametrize(
    ("calls", "amount"),
    [
        (333, "1165.50"),  # 333 x 3.50
        (334, "1168.30"),  # and 1 x 2.80
        (500, "1633.10"),  # 1165.50 + 167 x 2.80
        (1000, "3033.10"),  # 1165.50 + 667 x 2.80
        (1100, "3271.10"),  # 3033.10 + 100 x 2.38
    ],
)
def test_beyond_a_tier_only_what_is_beyond_is_cheaper(today: Prices, calls: int, amount: str) -> None:
    [line] = priced(Units(api_requests=Decimal(calls * MILLION)), today)
    assert line.amount == Decimal(amount)


def test_logs_of_sixty_terabytes_get_cheaper_in_four_steps(today: Prices) -> None:
    # 10 x 1024 x 0.50 + 20 x 1024 x 0.25 + 20 x 1024 x 0.10 + 10 x 1024 x 0.05
    assert total(priced(Units(log_gigabytes=Decimal(60 * 1024)), today)) == Decimal("12800")


def test_every_price_names_its_page_and_the_file_its_day(today: Prices) -> None:
    assert today.prices.keys() == Units.model_fields.keys()
    assert all(str(price.source).startswith("https://aws.amazon.com/") for price in today.prices.values())
    assert (today.region, today.currency) == ("us-east-1", "USD")


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("amount = 25.00", 'amount = "dear"', "prices.state_transitions.amount"),
        ("amount = 25.00", "amount = -1", "prices.state_transitions.amount"),
        ("[prices.emails]", "[prices.mails]", "none for emails"),
        ("[prices.emails]", "[prices.pigeons]\n[prices.emails]", "prices.pigeons.service: Field required"),
        ('region = "us-east-1"', "", "region: Field required"),
        ("units = 1_000_000_000,", "units = 1,", "beyond: expected tiers that begin ever later"),
        ("date = 2026-11-25", "date = soon", "Invalid value"),
    ],
)
def test_a_file_that_is_wrong_is_told_by_its_field(tmp_path: Path, right: str, wrong: str, told: str) -> None:
    text = PRICES.read_text(encoding="utf-8")
    assert right in text
    file = tmp_path / "prices.toml"
    file.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(InvalidFile, match=r"^prices\.toml: ") as refused:
        prices(file)
    assert told in str(refused.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match=r"none\.toml"):
        prices(tmp_path / "none.toml")


def test_units_that_nobody_counts_are_no_units() -> None:
    with pytest.raises(ValueError, match="pigeons"):
        Units(pigeons=1)  # type: ignore[call-arg]


def test_nothing_costs_nothing() -> None:
    price = Price(service="Any", says="any", amount=Decimal(1), source="https://aws.amazon.com/")  # type: ignore[arg-type]
    assert price.of(Decimal(0)) == 0
