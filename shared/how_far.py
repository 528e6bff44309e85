"""How a synthesis says how far it is: marked lines on standard error, for a caller that asked for them."""

import os
import sys

ASKED = "TAKEAWAY_SAY_HOW_FAR"  # a variable that whoever starts the synthesis sets, to anything
MARK = "… "


def tell(what: str) -> None:
    """Nobody else wants to read it."""
    if os.environ.get(ASKED):
        print(f"{MARK}{what}", file=sys.stderr, flush=True)


def heard(line: str) -> str | None:
    """What such a line says; None for any other."""
    return line.removeprefix(MARK) if line.startswith(MARK) else None
