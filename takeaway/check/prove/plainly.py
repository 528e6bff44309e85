"""Clean error messages of paths and URLs, because the evidence is committed and may be public."""

import re
from pathlib import PurePath

URL = re.compile(r"\w+://[^\s,;)]+")
PATH = re.compile(r"(?<![\w.])(?:~|[A-Za-z]:)?/[^\s:,;)]+")
LONGEST = 300


def plainly(text: str) -> str:
    """Return the first line without paths and URLs; further lines are a tool's output, which may have anything."""
    line = (text.strip().splitlines() or [""])[0]
    return PATH.sub(lambda found: f"…/{PurePath(found[0]).name}", URL.sub("(URL)", line))[:LONGEST]
