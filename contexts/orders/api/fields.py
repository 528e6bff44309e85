"""The kinds of text that clients send.

Each says what it expects, with the same pattern in the error and in the OpenAPI document.
"""

from dataclasses import dataclass
from typing import Annotated, Any

from iso4217 import Currency
from pydantic import AfterValidator, BeforeValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from contexts.orders.application import texts

# Codes without minor units are those of metals and the like, in which no menu is priced.
CURRENCIES = sorted(currency.value for currency in Currency if currency.exponent is not None)


@dataclass(frozen=True)
class OneLine:
    """A text of one line, used as `Annotated[str, OneLine(200)]`.

    Has at least one visible character, no line break and no control character.
    """

    longest: int

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        plain = core_schema.str_schema(strip_whitespace=True, min_length=1, max_length=self.longest)
        # checked before stripping, which would remove line breaks at the ends instead of refusing them
        return core_schema.no_info_before_validator_function(self._read, plain)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return handler(schema) | {"pattern": texts.ONE_LINE}

    def _read(self, value: object) -> object:
        if isinstance(value, str) and not texts.is_one_line(value):
            raise ValueError("expected one line without control characters")
        return value


@dataclass(frozen=True)
class Lines:
    """A text of one line or several, without other control characters.

    Every kind of line break is kept as a line feed.
    """

    longest: int
    shortest: int = 0

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        plain = core_schema.str_schema(
            strip_whitespace=self.shortest > 0, min_length=self.shortest or None, max_length=self.longest
        )
        return core_schema.no_info_before_validator_function(self._read, plain)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return handler(schema) | {"pattern": texts.LINES}

    def _read(self, value: object) -> object:
        if not isinstance(value, str):
            return value
        if not texts.are_lines(value):
            raise ValueError("expected no control characters but line breaks")
        return value.replace("\r\n", "\n").replace("\r", "\n")


def _whole(value: object) -> object:
    """Turn 2.0 into 2, because JSON has one kind of number and JSON Schema takes 2.0 for an integer."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _currency(code: str) -> str:
    if code not in CURRENCIES:
        raise ValueError("expected an ISO 4217 currency code such as EUR")
    return code


WHOLE = BeforeValidator(_whole)
CurrencyCode = Annotated[
    str,
    Field(description="ISO 4217", examples=["EUR"], json_schema_extra={"enum": CURRENCIES}),
    AfterValidator(_currency),
]
