"""Limits on the JSON that callers send, checked before it is parsed, and its fingerprint."""

import hashlib
import json
import re
from typing import Any, Never

MAX_BYTES = 64 * 1024
MAX_DEPTH = 16  # nested objects and lists; an order has four levels

# Matches a whole string, closed or not, so that each character is looked at once; or a bracket outside of strings.
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\\?\Z)|[\[{]|[\]}]', re.DOTALL)


def wrong_with(sent: str) -> str | None:
    """Return why this is no acceptable JSON, as a sentence that begins with "expected", or None.

    The depth is found out before parsing, because deeply nested JSON can exhaust the parser's stack.
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
    """Return a hash of the JSON that was sent: the same however it was formatted.

    It is made of the request and not of the parsed model, so a default that changes later does not make an old request
    another one.
    """
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
