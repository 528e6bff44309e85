"""Spell out characters that a terminal would obey, or that change the order of the text around them."""

import re

# C0 and C1 controls, line separators, bidirectional controls, the byte-order mark, and surrogates (bytes not in UTF-8).
_ACTING = "\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff"
ACTING = re.compile(f"[{_ACTING}]")
ACTING_IN_LINES = re.compile(f"(?![\n\t])[{_ACTING}]")
ACTING_IN_JSON = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def visible(text: str) -> str:
    r"""Spell out such characters, line breaks too: an ESC is shown as \x1b."""
    return ACTING.sub(_spelled, text)


def visible_lines(text: str) -> str:
    """Spell out such characters, but keep line breaks and tabs."""
    return ACTING_IN_LINES.sub(_spelled, text)


def inert_json(document: str) -> str:
    """Escape such characters in a JSON document, which then still means the same."""
    return ACTING_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", document)


def _spelled(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"  # noqa: PLR2004
