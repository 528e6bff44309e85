"""What went wrong, in words that may be committed: no path of this machine, and no host that it talks to."""

import re
from pathlib import PurePath

URL = re.compile(r"\w+://[^\s,;)]+")
PATH = re.compile(r"(?<![\w.])(?:~|[A-Za-z]:)?/[^\s:,;)]+")
LONGEST = 300


def plainly(text: str) -> str:
    """The first line: tools tell the rest, with whatever they have found on their way."""
    line = (text.strip().splitlines() or [""])[0]
    return PATH.sub(lambda found: f"…/{PurePath(found[0]).name}", URL.sub("(URL)", line))[:LONGEST]
