"""JSON that callers send, before anything is made of it: how large and how deep it may be, and what was sent."""

import hashlib
import json
import re
from typing import Any, Never

MAX_BYTES = 64 * 1024
MAX_DEPTH = 16  # of objects and lists in each other; an order has four

# A text as a whole, whether or not it ends, so that each character is looked at once; or a bracket outside of texts.
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\\?\Z)|[\[{]|[\]}]', re.DOTALL)


def wrong_with(sent: str) -> str | None:
    """What no route should have to deal with, in a sentence.

    How deep it is, is found out before it is parsed: how deep a parser gets depends on where it is called.
    """
    if len(sent.encode(errors="surrogatepass")) > MAX_BYTES:
        return f"expected at most {MAX_BYTES} bytes"
    if _depth(sent) > MAX_DEPTH:
        return f"expected at most {MAX_DEPTH} objects and lists in each other"
    try:
        json.loads(sent, parse_constant=_no_json)
    except ValueError:
        return "expected JSON"
    return None


def fingerprint(sent: Any) -> str:
    """The same for the same JSON, however it was written; nothing that a model adds or mends is in it."""
    return hashlib.sha256(json.dumps(sent, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _depth(sent: str) -> int:
    deepest = depth = 0
    for found in _BRACKETS.finditer(sent):
        if found[0] in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif found[0] in "]}":
            depth -= 1
    return deepest


def _no_json(constant: str) -> Never:
    raise ValueError(f"{constant} is not JSON")
