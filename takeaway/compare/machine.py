"""On what was measured: figures say nothing without it."""

import os
import platform
from pathlib import Path

from pydantic import BaseModel

CPUINFO, MEMINFO = Path("/proc/cpuinfo"), Path("/proc/meminfo")
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
            processor=_field(CPUINFO, "model name") or platform.processor() or platform.machine() or UNKNOWN,
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


def _memory() -> float | None:
    kilobytes = _field(MEMINFO, "MemTotal").partition(" ")[0]
    return round(int(kilobytes) / 1024**2, 1) if kilobytes.isdecimal() else None


def _field(file: Path, name: str) -> str:
    """The first value of that name, empty where there is no such file."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    found = (line.partition(":") for line in lines)
    return next((value.strip() for key, _, value in found if key.strip() == name), "")
