"""Which contexts are compared."""

from collections.abc import Iterable

from takeaway.paths import REPOSITORY
from takeaway.sources import contexts

CONSOLE = "console"  # a window for people, and the same in each system


def contexts_among(stacks: Iterable[str]) -> tuple[str, ...]:
    """Those of some stacks, as they come: in the order of the app."""
    known = set(contexts(REPOSITORY)) - {CONSOLE}
    return tuple(name for name in stacks if name in known)
