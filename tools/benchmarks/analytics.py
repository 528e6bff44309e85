"""Compaction and report at size: `make bench-analytics`; for other sizes `python -m tools.benchmarks.analytics 50000`.

Sizes are numbers of events. Each step runs in a process of its own, so that its peak of memory is its own.
"""

import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

import duckdb

from contexts.analytics.compaction import compact
from contexts.analytics.folder_lake import FolderLake
from contexts.analytics.generator import generate
from contexts.analytics.report import build_report, render_page

SIZES = (100_000, 1_000_000, 10_000_000)
EVENTS_PER_ORDER = 4.915
DAYS_PER_MILLION = 36  # a larger history is a longer one
CORES, MEMORY = 2, "1500MB"


def generating(folder: Path, events: int) -> dict[str, Any]:
    days = max(7, round(events / 1_000_000 * DAYS_PER_MILLION))
    return {"events": generate(folder, orders=round(events / EVENTS_PER_ORDER), days=days, seed=1).events}


def compacting(folder: Path, _: int) -> dict[str, Any]:
    return {"events": compact(FolderLake(folder)).events_added}


def reporting(folder: Path, _: int) -> dict[str, Any]:
    return {"events": build_report(FolderLake(folder), threads=CORES, memory=MEMORY).events}


def drawing(folder: Path, _: int) -> dict[str, Any]:
    page = render_page(build_report(FolderLake(folder), threads=CORES, memory=MEMORY))
    return {"kilobytes": len(page.encode()) // 1000}


STEPS = {
    "generate": generating,
    "compact": compacting,
    "compact again": compacting,
    "report": reporting,
    "report and page": drawing,
}


def measured(step: str, folder: Path, events: int) -> dict[str, Any]:
    started = monotonic()
    told = STEPS[step](folder, events)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    unit = 1 if sys.platform == "darwin" else 1024
    return {"seconds": monotonic() - started, "megabytes": peak * unit // 1_000_000, **told}


def main(sizes: tuple[int, ...]) -> None:
    print(f"{datetime.now(UTC):%Y-%m-%d}  {_processor()}, {os.cpu_count()} cores, {_memory()}")
    print(f"Python {platform.python_version()}, DuckDB {duckdb.__version__}; report on {CORES} threads within {MEMORY}")
    for size in sizes:
        print(f"\n{size:>12,} events")
        with tempfile.TemporaryDirectory(prefix="takeaway-bench-") as folder:
            for step in STEPS:
                command = [sys.executable, "-m", __spec__.name if __spec__ else __name__, step, folder, str(size)]
                said = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
                rest = ", ".join(f"{value:,} {name}" for name, value in said.items() if name in ("events", "kilobytes"))
                print(f"{step:>20}  {said['seconds']:7.2f} s  {said['megabytes']:6,} MB peak  {rest}", flush=True)
            zones = {zone: sum(f.stat().st_size for f in Path(folder, zone).rglob("*")) for zone in ("raw", "curated")}
            print(f"{'files':>20}  " + ", ".join(f"{zone} {size / 1e6:,.1f} MB" for zone, size in zones.items()))


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def _memory() -> str:
    return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1e9:.0f} GB"


if __name__ == "__main__":
    match sys.argv[1:]:
        case [step, folder, events] if step in STEPS:
            print(json.dumps(measured(step, Path(folder), int(events))))
        case given:
            main(tuple(int(each) for each in given) or SIZES)
