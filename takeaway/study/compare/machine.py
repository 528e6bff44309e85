"""On what was measured: figures say nothing without it."""

import os
import platform
import re
from contextlib import suppress
from pathlib import Path

from pydantic import BaseModel

CPUINFO = Path("/proc/cpuinfo")
UNKNOWN = "unknown"


class Machine(BaseModel):
    """`load` is that of the minute before: others who work on the same cores make everything slower."""

    processor: str
    cores: int
    memory_gigabytes: float | None
    python: str
    load: float

    @classmethod
    def this(cls) -> "Machine":
        return cls(
            processor=_processor(),
            cores=_cores(),
            memory_gigabytes=_memory(),
            python=platform.python_version(),
            load=round(os.getloadavg()[0], 2),
        )

    def told(self) -> str:
        memory = f", {self.memory_gigabytes:.0f} GB of memory" if self.memory_gigabytes else ""
        cores = "1 core" if self.cores == 1 else f"{self.cores} cores"
        return f"{self.processor}, {cores}{memory}, Python {self.python}, load before the run {self.load:.2f}"


def _cores() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _processor() -> str:
    """Its model, where the system tells it."""
    with suppress(OSError):
        if model := re.search(r"^model name\s*: (.+)$", CPUINFO.read_text(encoding="utf-8"), re.MULTILINE):
            return model[1]
    return platform.processor() or platform.machine() or UNKNOWN


def _memory() -> float | None:
    with suppress(ValueError, OSError):
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3, 1)
    return None
