"""What a shell offers behind a command when somebody presses TAB: what this folder has, without asking any engine."""

from shared.deployables import folders
from takeaway.paths import REPOSITORY
from takeaway.run.client.orders import LAST


def contexts(incomplete: str) -> list[str]:
    """All that has a stack of its own, the bus as well."""
    return [name for name in sorted(folders(REPOSITORY)) if name.startswith(incomplete)]


def orders(incomplete: str) -> list[str]:
    return [LAST] if LAST.startswith(incomplete) else []
