"""Read text from outside: decode, bound and check it once, where it enters the program.

An argument is one line of Unicode, a file or pipe is UTF-8 of limited size, and a document is JSON that can be sent on.
Every error names where the text came from, and what was expected.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

from takeaway.errors import TakeawayError, UsageError
from takeaway.unseen import visible

LONGEST_LINE = 1000
MOST_BYTES = 1024 * 1024  # sixteen times the API's limit; bounded, because a device file may never end
DEEPEST = 64
STDIN = Path("-")
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
NOT_IN_A_HEADER = re.compile(r"[^\x21-\x7e ]")


def one_line(name: str, text: str) -> str:
    """Check that a text is one line that can be stored, sent and shown, and return it. Raises UsageError."""
    if not text.strip():
        raise UsageError(f"{name}: expected a text, got nothing.")
    if len(text) > LONGEST_LINE:
        raise UsageError(f"{name}: expected at most {LONGEST_LINE:,} characters, got {len(text):,}.")
    try:
        text.encode()
    except UnicodeEncodeError:  # the shell passed bytes that are not UTF-8
        raise UsageError(f"{name}: expected text in UTF-8, got “{_short(text)}”.") from None
    if CONTROL.search(text):
        raise UsageError(f"{name}: expected one line without control characters, got “{_short(text)}”.")
    return text


def header(name: str, text: str) -> str:
    """Check that a text can be an HTTP header's value, and return it. Raises UsageError."""
    if NOT_IN_A_HEADER.search(text) or text != text.strip() or not text:
        raise UsageError(
            f"{name}: expected printable ASCII characters, since it is sent as an HTTP header, got “{_short(text)}”."
        )
    return text


def document(file: Path) -> Any:
    """Read JSON from a file, or from standard input if it is `-`. Raises TakeawayError."""
    name = "standard input" if file == STDIN else visible(str(file))
    return parsed(name, _bytes(name, file))


def parsed(name: str, content: bytes) -> Any:
    """Read JSON from bytes that came from `name`. Raises TakeawayError."""
    return _json(name, _decoded(name, content))


def counted(text: str, *, most: int) -> int | None:
    """Read a number of plain digits, from 0 to `most`; None for anything else, also for a number of a thousand digits.

    Other writing systems' digits are left out, because a page or a message would repeat them as they are.
    """
    digits = text.lstrip("0") or text[-1:]
    if not (text.isascii() and text.isdecimal() and len(digits) <= len(str(most))):
        return None
    return number if (number := int(digits)) <= most else None


def _bytes(name: str, file: Path) -> bytes:
    try:
        if file == STDIN:
            content = sys.stdin.buffer.read(MOST_BYTES + 1) if sys.stdin else b""
        else:
            with file.open("rb") as opened:
                content = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise TakeawayError(f"{name} can't be read ({error.strerror}): expected a file with JSON.") from None
    if len(content) > MOST_BYTES:
        raise TakeawayError(f"{name}: expected at most {MOST_BYTES:,} bytes of JSON, got more.")
    return content


def _decoded(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise TakeawayError(f"{name} can't be read: expected text in UTF-8, line {line} has none.") from None


def _json(name: str, text: str) -> Any:
    """Parse strictly: no NaN, no text that can't be encoded again, and at most 64 levels deep."""
    try:
        parsed = json.loads(text, parse_constant=_no_constant)
        if _is_deeper(parsed, DEEPEST):
            raise RecursionError
        json.dumps(parsed, allow_nan=False, ensure_ascii=False).encode()
    except RecursionError:
        raise TakeawayError(f"{name}: expected JSON that is nested at most {DEEPEST} deep.") from None
    except UnicodeEncodeError:
        raise TakeawayError(f"{name}: expected text, found half of a surrogate pair (such as \\ud800).") from None
    except json.JSONDecodeError as error:
        raise TakeawayError(f"{name}: Not JSON: {error}.") from None
    except ValueError as error:  # NaN, Infinity, 1e999, a number of thousands of digits
        raise TakeawayError(f"{name}: Not JSON: {error}.") from None
    return parsed


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no number there")


def _is_deeper(value: Any, most: int) -> bool:
    level = [value]
    for _ in range(most):
        level = [
            inner
            for each in level
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
    return bool(level)


def _short(text: str) -> str:
    return visible(text if len(text) <= 60 else f"{text[:60]}…")  # noqa: PLR2004
