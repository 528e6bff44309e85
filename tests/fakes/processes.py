"""Processes, looked at from outside."""

import os
from pathlib import Path


def lives(pid: int) -> bool:
    """Tell whether a process lives. Zombies do not: they only wait for their parent to notice."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not (stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z")
