"""How a synthesis says that it will not make templates: in a sentence, and with a status that a caller can know."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

REFUSED = 3  # neither a failure of Python (1) nor a misuse of it (2)


class Refusal(Exception):
    """What was asked for makes no sense, or would do harm; the message names what, and what was expected."""


@contextmanager
def told_alone() -> Iterator[None]:
    """Around an app: a refusal ends it with its message, since where in the code it was raised helps nobody."""
    try:
        yield
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        sys.exit(REFUSED)
