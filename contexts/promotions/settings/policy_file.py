"""Reads the voucher policy as people write it: amounts as on a menu, and a sentence about each mistake."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from iso4217 import Currency
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from contexts.promotions.domain.policy import Loyalty, VoucherPolicy
from contexts.promotions.domain.reward import FixedAmount, InvalidPolicy, PartOfBasket, Reward
from contexts.promotions.settings.toml_file import NotToml, read_toml, short

POLICY_FILE = Path(__file__).parents[1] / "voucher_policy.toml"
TYPES = {  # pydantic's kinds of mistake, in words for somebody who does not program
    "int_type": "expected a whole number",
    "dict_type": "expected a table of currencies",
    "model_type": "expected a table",
}


class InvalidPolicyFile(ValueError):
    """The voucher policy can't be used. The message has a line per mistake: the key, and what was expected there."""

    def __init__(self, *mistakes: str) -> None:
        super().__init__("\n  ".join(("the voucher policy can't be used:", *mistakes)))


def _amount(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError(f"expected an amount such as 15.00, got {short(value, repr)}")
    return Decimal(value)


def _iso_4217(code: str) -> str:
    """Check that orders can be paid in a currency; codes without minor units, such as metals, are refused.

    A test compares the currencies with those that orders accepts.
    """
    if code not in {each.code for each in Currency if each.exponent is not None}:
        raise ValueError("expected a currency by its ISO 4217 code, such as EUR")
    return code


Amount = Annotated[Decimal, BeforeValidator(_amount), Field(ge=0, le=10**9)]
Whole = Annotated[int, Field(ge=0, le=10**9)]


class _Table(BaseModel):
    """The base of the models: unknown keys are refused, and types are not converted."""

    model_config = ConfigDict(extra="forbid", strict=True)


class _Line(_Table):
    minimum_basket: Amount
    percent: Whole | None = None
    cap: Amount | None = None
    amount: Amount | None = None


Lines = dict[Annotated[str, AfterValidator(_iso_4217)], _Line]


class _Loyalty(_Table):
    every: Whole
    reward: Lines


class _PolicyFile(_Table):
    validity_days: Annotated[int, Field(ge=1, le=3650)]
    every_order: Lines = {}
    loyalty: _Loyalty | None = None


# depth of an unknown key -> the keys expected there: every_order.EUR.key is three deep, loyalty.reward.EUR.key is four
KEYS_AT = {1: _PolicyFile.model_fields, 2: _Loyalty.model_fields, 3: _Line.model_fields, 4: _Line.model_fields}


def voucher_policy(file: Path = POLICY_FILE) -> VoucherPolicy:
    """Read the policy from its file. Raises InvalidPolicyFile."""
    try:
        return _policy(_PolicyFile.model_validate(read_toml(file)))
    except NotToml as error:
        raise InvalidPolicyFile(str(error)) from None
    except ValidationError as error:
        raise InvalidPolicyFile(*(_told(each) for each in error.errors())) from None
    except InvalidPolicy as mistake:
        raise InvalidPolicyFile(str(mistake)) from None


def _policy(read: _PolicyFile) -> VoucherPolicy:
    mistakes: list[str] = []
    every_order = dict(_rewards("every_order", read.every_order, mistakes))
    reward = dict(_rewards("loyalty.reward", read.loyalty.reward if read.loyalty else {}, mistakes))
    if mistakes:
        raise InvalidPolicyFile(*mistakes)
    loyalty = Loyalty(read.loyalty.every, reward) if read.loyalty else None
    return VoucherPolicy(timedelta(days=read.validity_days), every_order, loyalty)


def _rewards(table: str, lines: Mapping[str, _Line], mistakes: list[str]) -> Iterator[tuple[str, Reward]]:
    for currency, line in lines.items():
        try:
            yield currency, _reward(line, Currency(currency).exponent or 0)
        except InvalidPolicy as mistake:
            mistakes.append(f"{table}.{currency}.{mistake}")


def _reward(line: _Line, digits: int) -> Reward:
    minimum_basket = _minor_units("minimum_basket", line.minimum_basket, digits)
    match line:
        case _Line(percent=int(percent), cap=Decimal() as cap, amount=None):
            return PartOfBasket(minimum_basket, percent, _minor_units("cap", cap, digits))
        case _Line(percent=None, cap=None, amount=Decimal() as amount):
            return FixedAmount(minimum_basket, _minor_units("amount", amount, digits))
    raise InvalidPolicy("amount", "expected either this, or percent and cap")


def _minor_units(key: str, amount: Decimal, digits: int) -> int:
    """Convert an amount to minor units, exactly.

    Refuses more digits than the currency has: 15.000 EUR could mean fifteen or fifteen thousand.
    """
    if -int(amount.as_tuple().exponent) > digits:
        got = short(amount)
        raise InvalidPolicy(key, f"expected at most {digits} digits after the point in this currency, got {got}")
    return int(amount.scaleb(digits))


def _told(mistake: Any) -> str:
    key = ".".join(str(part) for part in mistake["loc"] if part != "[key]")
    match mistake["type"]:
        case "value_error":
            return f"{key}: {mistake['ctx']['error']}"
        case "extra_forbidden":
            return f"{key}: unknown, expected one of {', '.join(KEYS_AT[len(mistake['loc'])])}"
        case "missing":
            return f"{key}: is missing"
    return f"{key}: {TYPES.get(mistake['type'], mistake['msg'])}, got {short(mistake['input'])}"
