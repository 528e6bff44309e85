"""The kinds of text that clients send: each says what it expects, in the error as in the OpenAPI document."""

from dataclasses import dataclass
from typing import Annotated, Any

from iso4217 import Currency
from pydantic import AfterValidator, BeforeValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from contexts.orders.application import texts

# Codes without minor digits are metals and the like, which no menu is priced in.
CURRENCIES = sorted(currency.value for currency in Currency if currency.exponent is not None)


@dataclass(frozen=True)
class OneLine:
    """As in `Annotated[str, OneLine(200)]`: at least one character that shows, no line break, no control character."""

    longest: int

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        plain = core_schema.str_schema(strip_whitespace=True, min_length=1, max_length=self.longest)
        # first of all, because stripping takes away what does not belong there
        return core_schema.no_info_before_validator_function(self._read, plain)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return handler(schema) | {"pattern": texts.ONE_LINE}

    def _read(self, value: object) -> object:
        if isinstance(value, str) and not texts.is_one_line(value):
            raise ValueError("expected one line without control characters")
        return value


@dataclass(frozen=True)
class Lines:
    """Text of one line or several, without any other control character. However a line ends, a line feed is kept."""

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
    """JSON has one kind of number: 2.0 is whole, as JSON Schema has it too."""
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
