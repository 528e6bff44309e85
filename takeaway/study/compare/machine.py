"""Describe the machine of a measurement, without which its figures mean nothing."""

import os
import platform
import re
from contextlib import suppress
from pathlib import Path

from pydantic import BaseModel

CPUINFO = Path("/proc/cpuinfo")
MODEL = re.compile(r"^model name\s*: (.+)$", re.MULTILINE)


class Machine(BaseModel):
    """The machine, with the `load` of the minute before: other work on the same cores makes everything slower."""

    processor: str
    cores: int
    memory_gigabytes: float | None
    python: str
    load: float

    @classmethod
    def this(cls) -> "Machine":
        processor, memory = "", None
        with suppress(OSError):
            processor = "".join(MODEL.findall(CPUINFO.read_text(encoding="utf-8"))[:1])
        with suppress(ValueError, OSError):
            memory = round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3, 1)
        return cls(
            processor=processor or platform.processor() or platform.machine() or "unknown",
            # only the cores that this process may use
            cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
            memory_gigabytes=memory,
            python=platform.python_version(),
            load=round(os.getloadavg()[0], 2),
        )

    def told(self) -> str:
        memory = f", {self.memory_gigabytes:.0f} GB of memory" if self.memory_gigabytes else ""
        cores = "1 core" if self.cores == 1 else f"{self.cores} cores"
        return f"{self.processor}, {cores}{memory}, Python {self.python}, load before the run {self.load:.2f}"
