"""Characters that texts of people may have.

Without this check a customer's note could pass for something else where it is shown, such as a line of a log or text in
another direction of writing.
"""

import re

# Refused: the control characters C0 and C1 except line feed and carriage return, separators of lines and paragraphs,
# characters that change the direction of writing (Unicode's Bidi_Control), and two noncharacters that queues replace
# or refuse.
_UNFIT = (
    r"\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f"
    r"\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffe\uffff"
)
# regular expressions that JSON Schema, JavaScript and Python read alike
ONE_LINE = rf"^[^\n\r{_UNFIT}]*$"
LINES = rf"^[^{_UNFIT}]*$"
_NO_LINE = re.compile(rf"[\n\r{_UNFIT}]+")


def is_one_line(text: str) -> bool:
    return not _NO_LINE.search(text)


def are_lines(text: str) -> bool:
    """Tell whether the text has no control character but line breaks."""
    return re.search(f"[{_UNFIT}]", text) is None


def one_line(text: str) -> str:
    """Replace line breaks and unfit characters by a space.

    Needed for texts that were stored before they were checked.
    """
    return _NO_LINE.sub(" ", text)
