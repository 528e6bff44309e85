"""Refusals of a synthesis: a sentence, and an exit status that callers can tell from a crash."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

REFUSED = 3  # Python itself exits with 1 for an exception and with 2 for wrong arguments


class Refusal(Exception):
    """A request that makes no sense or would do harm; the message names it and what was expected."""


@contextmanager
def told_alone() -> Iterator[None]:
    """Print a refusal's message without a traceback, because where in the code it was raised helps nobody."""
    try:
        yield
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        sys.exit(REFUSED)
