"""Settings of the functions of orders: a missing one is named, and a function needs only those that it reads."""

import pytest

from contexts.orders.settings import MissingSetting, Settings


def test_a_missing_setting_is_named() -> None:
    with pytest.raises(MissingSetting, match="ORDERS_TABLE: expected"):
        _ = Settings({"BUS_NAME": "takeaway-dev"}).orders_table


def test_a_function_needs_only_the_settings_that_it_uses() -> None:
    assert Settings({"BUS_NAME": "takeaway-dev"}).bus_name == "takeaway-dev"
