"""Settings are complete and right, or name what is not."""

from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from contexts.promotions.domain.policy import InvalidPolicy
from contexts.promotions.settings import Settings, voucher_policy


def test_settings_come_from_the_environment() -> None:
    settings = Settings.read({"VOUCHERS_TABLE": "vouchers", "SENDER": "a@example.com", "HOME": "/"})
    assert (settings.vouchers_table, settings.sender) == ("vouchers", "a@example.com")


@pytest.mark.parametrize(
    "environment", [{"SENDER": "a@example.com"}, {"SENDER": "a@example.com", "VOUCHERS_TABLE": ""}]
)
def test_a_missing_setting_is_named_and_no_other_value_is_shown(environment: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="VOUCHERS_TABLE") as error:
        Settings.read(environment | {"AWS_SECRET_ACCESS_KEY": "do-not-show"})
    assert "do-not-show" not in str(error.value)
    assert "a@example.com" not in str(error.value)


def test_the_policy_that_is_shipped_serves_currencies_with_no_two_and_three_minor_digits() -> None:
    policy = voucher_policy()
    assert (policy.percent, policy.validity) == (10, timedelta(days=90))
    assert {"JPY", "EUR", "KWD"} <= set(policy.limits)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("percent = 10\nvalidity_days = 9", "limits"),
        ("percent = 10.5\nvalidity_days = 9\n[limits]", "percent"),
        ("percent = 10\nvalidity_days = 9\nlimit = 1\n[limits]", "limit"),
        ("percent = 10\nvalidity_days = 9\n[limits]\nEURO = { minimum_basket = 100, cap = 1 }", "EURO"),
        ("percent = 10\nvalidity_days = 9\n[limits]\nEUR = { minimum_basket = 15.5, cap = 1 }", "minimum_basket"),
        ("percent = 10\nvalidity_days = 9\n[limits]\nEUR = { minimum_basket = 100 }", "cap"),
    ],
)
def test_a_policy_file_with_a_mistake_is_refused_and_the_mistake_named(tmp_path: Path, text: str, named: str) -> None:
    file = tmp_path / "policy.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ValidationError, match=named):
        voucher_policy(file)


def test_a_policy_file_that_could_not_work_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    file.write_text("percent = 200\nvalidity_days = 9\n[limits]\n", encoding="utf-8")
    with pytest.raises(InvalidPolicy, match="200"):
        voucher_policy(file)
