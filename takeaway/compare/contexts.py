"""Which contexts are compared."""

from collections.abc import Iterable

from takeaway.paths import REPOSITORY
from takeaway.sources import contexts

CONSOLE = "console"  # a window for people, and the same in each system


def contexts_among(stacks: Iterable[str]) -> tuple[str, ...]:
    """Those of some stacks; who publishes comes before who listens."""
    known = set(contexts(REPOSITORY)) - {CONSOLE}
    return tuple(sorted(known & set(stacks), key=lambda name: (not publishes(name), name)))


def publishes(name: str) -> bool:
    return (REPOSITORY / "contexts" / name / "published_events.py").is_file()
