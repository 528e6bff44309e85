"""Texts of people: which characters they may have, so that none reads as something else where it is shown."""

import re

# C0 and C1 without the two that break lines, the separators of lines and paragraphs, what turns the direction of
# writing around (Unicode's Bidi_Control), and two that are no characters, which queues replace or refuse.
_UNFIT = (
    r"\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f"
    r"\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffe\uffff"
)
# as regular expressions of JSON Schema, of JavaScript and of Python
ONE_LINE = rf"^[^\n\r{_UNFIT}]*$"
LINES = rf"^[^{_UNFIT}]*$"
_NO_LINE = re.compile(rf"[\n\r{_UNFIT}]+")


def is_one_line(text: str) -> bool:
    return not _NO_LINE.search(text)


def are_lines(text: str) -> bool:
    """One line or several, and no other control character."""
    return re.search(f"[{_UNFIT}]", text) is None


def one_line(text: str) -> str:
    """For texts from before they were checked: what does not belong into a line becomes a space."""
    return _NO_LINE.sub(" ", text)
