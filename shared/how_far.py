"""Progress of a synthesis: marked lines on standard error, for a caller that has asked for them."""

import os
import sys

ASKED = "TAKEAWAY_SAY_HOW_FAR"  # environment variable by which a caller asks, with any value
MARK = "… "


def tell(what: str) -> None:
    """Print a line of progress, if the caller has asked for it; the CDK CLI would show it to people otherwise."""
    if os.environ.get(ASKED):
        print(f"{MARK}{what}", file=sys.stderr, flush=True)


def heard(line: str) -> str | None:
    """Return the text of a line of progress; None for any other line."""
    return line.removeprefix(MARK) if line.startswith(MARK) else None
