"""The Markdown of event pages: a schema is described in a few words, and no text in it can break a table."""

from typing import Any

import pytest

from takeaway.markdown import table
from takeaway.study.docs.text import either, type_of


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ({"const": 1}, "always `1`"),
        ({"type": "string", "enum": ["a", "b"]}, "one of `a`, `b`"),
        ({"type": ["string", "null"], "format": "uuid"}, "string or null (uuid)"),
        ({"type": "string", "format": "date-time", "pattern": "^x$"}, "string (date-time)"),
        ({"type": "string", "pattern": "^[A-Z]{3}$"}, "string `^[A-Z]{3}$`"),
        ({"type": "string", "pattern": "^" + "x" * 40, "maxLength": 60}, "string, at most 60 characters"),
        ({"type": "string", "minLength": 1}, "string, at least 1 character"),
        ({"type": "string", "minLength": 1, "maxLength": 200}, "string, 1 to 200 characters"),
        ({"type": "array", "minItems": 1, "maxItems": 100}, "list, 1 to 100 entries"),
        ({"type": "integer", "minimum": 0}, "integer from 0"),
        ({"type": "integer", "maximum": 9}, "integer, at most 9"),
        ({"type": "integer", "minimum": 1, "maximum": 9}, "integer, 1 to 9"),
        ({"type": "object"}, "object"),
        ({}, "anything"),
    ],
)
def test_a_schema_is_said_in_a_few_words(schema: dict[str, Any], text: str) -> None:
    assert type_of(schema) == text


def test_a_text_with_bars_and_lines_stays_in_its_cell() -> None:
    assert table(["a", "b"], [["x|y", "one\ntwo"]]) == "| a | b |\n|---|---|\n| x\\|y | one two |"
    assert table(["a", "b"], [], right=(1,)) == "| a | b |\n|---|---:|"


@pytest.mark.parametrize(("words", "text"), [(["a"], "a"), (["a", "b"], "a or b"), (["a", "b", "c"], "a, b or c")])
def test_alternatives_are_listed_as_people_list_them(words: list[str], text: str) -> None:
    assert either(words) == text
