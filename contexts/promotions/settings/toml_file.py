"""Reads a TOML file as editors leave it, or refuses it with a sentence that says what to mend."""

import tomllib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

LONGEST_SHOWN = 60


class NotToml(ValueError):
    """The file is no readable TOML. The message names it and says what is wrong."""


def read_toml(file: Path) -> dict[str, Any]:
    """Return the file's content. Raises NotToml.

    Fractions are read as Decimal, so that amounts are exact; a byte-order mark is ignored.
    """
    try:
        return tomllib.loads(file.read_bytes().decode("utf-8-sig"), parse_float=_decimal)
    except OSError as error:
        raise NotToml(f"{file.name} can't be read: {error.strerror or type(error).__name__}") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise NotToml(f"{file.name} is not UTF-8, in line {line}: save it in that encoding") from None
    except tomllib.TOMLDecodeError as error:
        raise NotToml(f"{file.name} is not TOML: {error}") from None
    except RecursionError:
        raise NotToml(f"{file.name} is nested too deep: expected tables of currencies") from None
    except ValueError:  # from Python's limits on numbers, which TOML does not have
        raise NotToml(f"{file.name} has a number that is too long: expected one that people can read") from None


def short(value: object, as_text: Callable[[object], str] = str) -> str:
    """Return a value as text, cut to 60 characters, so that a reader recognizes it in a message."""
    try:
        text = as_text(value)
    except (ValueError, RecursionError):
        return "what is too long to be shown"
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def _decimal(number: str) -> Decimal:
    try:
        return Decimal(number)
    except ArithmeticError:  # an exponent beyond what Decimal can hold
        raise ValueError(number) from None
