"""Characters that act instead of being seen: a terminal obeys them, or shows what is around them in another order."""

import re

# C0 and C1 controls, line separators, bidirectional controls, the byte-order mark, and bytes that were no UTF-8.
_ACTING = "\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff"
ACTING = re.compile(f"[{_ACTING}]")
ACTING_IN_LINES = re.compile(f"(?![\n\t])[{_ACTING}]")
ACTING_IN_JSON = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def visible(text: str) -> str:
    """On one line, with each such character spelled out: an ESC is shown as \\x1b."""
    return ACTING.sub(_spelled, text)


def visible_lines(text: str) -> str:
    """The same for text that has line breaks of its own."""
    return ACTING_IN_LINES.sub(_spelled, text)


def inert_json(document: str) -> str:
    """A JSON document that says the same, with escapes for what a terminal would obey."""
    return ACTING_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", document)


def _spelled(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"  # noqa: PLR2004
