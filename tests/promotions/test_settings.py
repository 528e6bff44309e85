"""Settings are complete and right, or the error names the wrong one."""

from pathlib import Path

import pytest

from contexts.promotions.domain.reward import FixedAmount, PartOfBasket
from contexts.promotions.settings import MissingSetting, Settings
from contexts.promotions.settings.policy_file import InvalidPolicyFile, voucher_policy

ENVIRONMENT = {"VOUCHERS_TABLE": "vouchers", "LOYALTY_TABLE": "loyalty", "SENDER": "a@example.com"}
LINE = "{ minimum_basket = 15.00, percent = 10, cap = 10.00 }"


def policy_in(folder: Path, text: str) -> Path:
    file = folder / "policy.toml"
    file.write_text(text, encoding="utf-8")
    return file


def mistakes_in(file: Path) -> list[str]:
    with pytest.raises(InvalidPolicyFile) as refused:
        voucher_policy(file)
    headline, *mistakes = str(refused.value).splitlines()
    assert headline == "the voucher policy can't be used:"
    return [mistake.strip() for mistake in mistakes]


def test_settings_come_from_the_environment() -> None:
    settings = Settings.of(ENVIRONMENT | {"HOME": "/"})
    assert (settings.vouchers_table, settings.loyalty_table, settings.sender) == tuple(ENVIRONMENT.values())


@pytest.mark.parametrize(
    ("given", "found"), [({}, None), ({"CONFIGURATION_SET": ""}, None), ({"CONFIGURATION_SET": "x"}, "x")]
)
def test_there_may_be_no_configuration_set(given: dict[str, str], found: str | None) -> None:
    assert Settings.of(ENVIRONMENT | given).configuration_set == found


@pytest.mark.parametrize("name", ENVIRONMENT)
@pytest.mark.parametrize("missing", [True, False])
def test_a_missing_or_empty_setting_is_named_and_no_other_value_is_shown(name: str, missing: bool) -> None:
    environment = ENVIRONMENT | {name: "", "AWS_SECRET_ACCESS_KEY": "do-not-show"}  # pragma: allowlist secret
    if missing:
        del environment[name]
    with pytest.raises(MissingSetting, match=name) as error:
        Settings.of(environment)
    assert "do-not-show" not in str(error.value)
    assert [other for other in ENVIRONMENT if other != name and other in str(error.value)] == []


def test_all_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(MissingSetting, match=r"^VOUCHERS_TABLE, LOYALTY_TABLE: expected"):
        Settings.of({"SENDER": "a@example.com"})


def test_the_policy_that_is_shipped_reads_amounts_in_currencies_with_no_two_and_three_minor_digits() -> None:
    policy = voucher_policy()
    assert policy.every_order["EUR"] == PartOfBasket(minimum_basket=1500, percent=10, cap=1000)
    assert policy.every_order["JPY"] == PartOfBasket(minimum_basket=1500, percent=10, cap=2000)
    assert policy.every_order["KWD"] == PartOfBasket(minimum_basket=4000, percent=10, cap=3000)
    assert policy.loyalty is not None
    assert policy.loyalty.rewards["KWD"] == FixedAmount(minimum_basket=4000, amount=1500)
    assert policy.loyalty.rewards.keys() == policy.every_order.keys()


def test_amounts_are_exact_and_need_no_point(tmp_path: Path) -> None:
    text = "validity_days = 9\n[every_order]\nEUR = { minimum_basket = 19.99, amount = 3 }"
    assert voucher_policy(policy_in(tmp_path, text)).every_order == {"EUR": FixedAmount(1999, 300)}


def test_loyalty_and_every_order_may_each_stand_alone(tmp_path: Path) -> None:
    alone = voucher_policy(policy_in(tmp_path, f"validity_days = 9\n[every_order]\nEUR = {LINE}"))
    assert alone.loyalty is None
    loyal = f"validity_days = 9\n[loyalty]\nevery = 3\n[loyalty.reward]\nEUR = {LINE}"
    assert voucher_policy(policy_in(tmp_path, loyal)).every_order == {}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("15.00", "every_order.EUR: expected a table, got 15.00"),
        ("{ percent = 10, cap = 10.00 }", "every_order.EUR.minimum_basket: is missing"),
        ("{ minimum_basket = 15.00 }", "every_order.EUR.amount: expected either this, or percent and cap"),
        (
            "{ minimum_basket = 15.00, percent = 10 }",
            "every_order.EUR.amount: expected either this, or percent and cap",
        ),
        ("{ minimum_basket = 15.00, cap = 9 }", "every_order.EUR.amount: expected either this, or percent and cap"),
        (
            "{ minimum_basket = 15.00, percent = 10, cap = 9, amount = 2 }",
            "every_order.EUR.amount: expected either this, or percent and cap",
        ),
        (
            "{ minimum_basket = 15.00, percent = 10, cup = 9 }",
            "every_order.EUR.cup: unknown, expected one of minimum_basket, percent, cap, amount",
        ),
        (
            "{ minimum_basket = 15.00, percent = 10.5, cap = 9 }",
            "every_order.EUR.percent: expected a whole number, got 10.5",
        ),
        ("{ minimum_basket = 15.00, percent = 200, cap = 9 }", "every_order.EUR.percent: expected 1 to 100, got 200"),
        ("{ minimum_basket = 15.00, percent = 10, cap = 0 }", "every_order.EUR.cap: expected more than 0"),
        (
            "{ minimum_basket = 0.09, percent = 10, cap = 9 }",
            "every_order.EUR.minimum_basket: expected more, 10 % of it rounds to nothing",
        ),
        (
            "{ minimum_basket = 4.99, amount = 5.00 }",
            "every_order.EUR.amount: expected no more than minimum_basket: no order earns more than it cost",
        ),
        (
            "{ minimum_basket = 15.000, amount = 5.00 }",
            "every_order.EUR.minimum_basket: expected at most 2 digits after the point in this currency, got 15.000",
        ),
        (
            "{ minimum_basket = '15.00', amount = 5.00 }",
            "every_order.EUR.minimum_basket: expected an amount such as 15.00, got '15.00'",
        ),
        (
            "{ minimum_basket = true, amount = 5.00 }",
            "every_order.EUR.minimum_basket: expected an amount such as 15.00, got True",
        ),
        (
            "{ minimum_basket = inf, amount = 5.00 }",
            "every_order.EUR.minimum_basket: Input should be a finite number, got Infinity",
        ),
        (
            "{ minimum_basket = 15.00, amount = -5.00 }",
            "every_order.EUR.amount: Input should be greater than or equal to 0, got -5.00",
        ),
    ],
)
def test_a_line_with_a_mistake_is_refused_with_its_key_and_what_was_expected(
    tmp_path: Path, line: str, told: str
) -> None:
    assert mistakes_in(policy_in(tmp_path, f"validity_days = 9\n[every_order]\nEUR = {line}")) == [told]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"[every_order]\nEUR = {LINE}", "validity_days: is missing"),
        (f"validity_days = 1.5\n[every_order]\nEUR = {LINE}", "validity_days: expected a whole number, got 1.5"),
        (
            f"validity_days = 0\n[every_order]\nEUR = {LINE}",
            "validity_days: Input should be greater than or equal to 1",
        ),
        (f"validity_days = 99_999_999\n[every_order]\nEUR = {LINE}", "validity_days: Input should be less than or"),
        ("validity_days = 9", "every_order: expected a currency here or in loyalty.reward"),
        ("validity_days = 9\nevery_order = 3", "every_order: expected a table of currencies, got 3"),
        (f"validity_days = 9\n[evry_order]\nEUR = {LINE}", "evry_order: unknown, expected one of validity_days"),
        (f"validity_days = 9\n[every_order]\nEURO = {LINE}", "every_order.EURO: expected a currency by its ISO 4217"),
        (f"validity_days = 9\n[every_order]\neur = {LINE}", "every_order.eur: expected a currency by its ISO 4217"),
        ("validity_days = 9\n[loyalty]\nevery = 2", "loyalty.reward: is missing"),
        ("validity_days = 9\n[loyalty]\nevery = 2\n[loyalty.reward]", "loyalty.reward: expected at least one currency"),
        (
            f"validity_days = 9\n[loyalty]\nevery = 1\n[loyalty.reward]\nEUR = {LINE}",
            "loyalty.every: expected 2 or more",
        ),
        (
            f"validity_days = 9\n[loyalty]\nevery = 2\nafter = 3\n[loyalty.reward]\nEUR = {LINE}",
            "loyalty.after: unknown, expected one of every, reward",
        ),
        (
            "validity_days = 9\n[loyalty]\nevery = 2\n[loyalty.reward]\nJPY = { minimum_basket = 15.5, amount = 1 }",
            "loyalty.reward.JPY.minimum_basket: expected at most 0 digits",
        ),
        (
            f"validity_days = 9\n[every_order]\nEUR = {LINE}\n[loyalty]\nevery = 2\n[loyalty.reward]\nEUR = {LINE}",
            "loyalty.reward.EUR: expected to beat every_order for some basket",
        ),
        ("validity_days =", "policy.toml is not TOML: "),
        (f"validity_days = 9\n[every_order]\nEUR = {LINE}\nEUR = {LINE}", "policy.toml is not TOML: "),
    ],
)
def test_a_file_with_a_mistake_is_refused_with_its_key_and_what_was_expected(
    tmp_path: Path, text: str, told: str
) -> None:
    (mistake,) = mistakes_in(policy_in(tmp_path, text))
    assert mistake.startswith(told)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("# für Gäste".encode("latin-1"), "policy.toml is not UTF-8, in line 1"),
        ("validity_days = 9".encode("utf-16"), "policy.toml is not UTF-8, in line 1"),
        (b"validity_days = 9\n# f\xfcr", "policy.toml is not UTF-8, in line 2"),
        (b"validity_days = " + b"9" * 5000, "policy.toml has a number that is too long"),
        (b"validity_days = 0x" + b"f" * 5000, "validity_days: Input should be less than or equal to 3650"),
        (b"validity_days = 1.0e" + b"9" * 30, "policy.toml has a number that is too long"),
        (b"validity_days = " + b"[" * 5000, "policy.toml is nested too deep"),
        (b"validity_days = " + b"[" * 300 + b"]" * 300, "validity_days: expected a whole number, got [[["),
    ],
    ids=["latin-1", "utf-16", "a stray byte", "long", "long and hexadecimal", "exponent", "deep", "not so deep"],
)
def test_a_file_that_no_editor_should_have_written_is_refused_in_a_short_sentence(
    tmp_path: Path, content: bytes, told: str
) -> None:
    file = tmp_path / "policy.toml"
    file.write_bytes(content)
    mistake = mistakes_in(file)[0]
    assert mistake.startswith(told)
    assert len(mistake) < 200


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert mistakes_in(tmp_path / "policy.toml") == ["policy.toml can't be read: No such file or directory"]


def test_a_byte_order_mark_is_no_part_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    file.write_text(f"validity_days = 9\n[every_order]\nEUR = {LINE}", encoding="utf-8-sig")
    assert set(voucher_policy(file).every_order) == {"EUR"}


@pytest.mark.parametrize("value", ["9" * 4000, "15." + "0" * 4000, f"'{'9' * 4000}'", "0x" + "f" * 4000])
def test_a_mistake_is_told_without_all_its_digits(tmp_path: Path, value: str) -> None:
    text = f"validity_days = 9\n[every_order]\nEUR = {{ minimum_basket = {value}, amount = 5 }}"
    (mistake,) = mistakes_in(policy_in(tmp_path, text))
    assert mistake.startswith("every_order.EUR.minimum_basket: ")
    assert len(mistake) < 200


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    text = """
    validity_days = 9
    [every_order]
    EUR = { minimum_basket = 15.00, percent = 200, cap = 9 }
    USD = { minimum_basket = 1.00, amount = 2.00 }
    [loyalty]
    every = 2
    [loyalty.reward]
    KWD = { minimum_basket = 1.0000, amount = 1 }
    """
    keys = [mistake.partition(":")[0] for mistake in mistakes_in(policy_in(tmp_path, text))]
    assert keys == ["every_order.EUR.percent", "every_order.USD.amount", "loyalty.reward.KWD.minimum_basket"]
