"""Complete arguments when TAB is pressed: from this folder alone, because asking an engine would take too long."""

from shared.deployables import folders
from takeaway.paths import REPOSITORY
from takeaway.run.client.orders import LAST


def contexts(incomplete: str) -> list[str]:
    """Complete the name of anything that has a stack of its own; the bus is one."""
    return [name for name in sorted(folders(REPOSITORY)) if name.startswith(incomplete)]


def orders(incomplete: str) -> list[str]:
    """Complete an order's id: only `last`, because other ids are known to the engine alone."""
    return [LAST] if LAST.startswith(incomplete) else []
