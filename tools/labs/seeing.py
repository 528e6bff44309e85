"""Compare a command's output with the page's, line by line, except for what differs in every run."""

import re
from collections.abc import Sequence

REST = "…"
# Values that vary from run to run. All else has to be the same: names, states, events, prices, counts, their order.
VARIES = (
    (r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", "‹id›"),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z", "‹moment›"),
    (r"-\d{8}T\d{6}Z-[0-9a-f]{6}\b", "-‹replay›"),
    (r"\b\d\d:\d\d:\d\d\.\d{3}(?:\s+\+[\d.]+ m?s\b)?", "‹time›"),
    (r"\b[\d.]+ m?s\b", "‹duration›"),
    (r"\b[A-Z2-9]{4}(?:-[A-Z2-9]{4}){2}\b", "‹code›"),
    (r"\b\d{4}-\d\d-\d\d\b", "‹date›"),
    (r"\.py:\d+\b", ".py:‹line›"),
    (r"\bprocess \d+", "process ‹number›"),
    (r"127\.0\.0\.1:\d+", "127.0.0.1:‹port›"),
    (r"\s+", " "),
)

Alignment = list[tuple[int, int]]


def normalised(line: str) -> str:
    for pattern, name in VARIES:
        line = re.sub(pattern, name, line)
    return line.strip()


def lines_of(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip("\n").splitlines()]


def aligned(shown: Sequence[str], seen: Sequence[str]) -> Alignment | None:
    """Return for each shown line the range of seen lines that it stands for; None if they do not match."""
    if not shown:
        return None if seen else []
    first, rest = shown[0].strip(), shown[1:]
    for length in range(len(seen) + 1) if first == REST else (1,):
        if first != REST and not (seen and _fits(first, seen[0])):
            return None
        if (further := aligned(rest, seen[length:])) is not None:
            return [(0, length), *((start + length, end + length) for start, end in further)]
    return None


def _fits(shown: str, seen: str) -> bool:
    pattern = ".*".join(re.escape(normalised(part)) for part in shown.split(REST))
    return re.fullmatch(pattern, normalised(seen)) is not None


def refreshed(shown: Sequence[str], seen: Sequence[str]) -> list[str]:
    """Return the new output; what the page leaves out stays out. If they do not match, return all of it."""
    found = aligned(shown, seen)
    if found is None:
        return list(seen)
    return [line if REST in line else seen[start] for line, (start, _) in zip(shown, found, strict=True)]
