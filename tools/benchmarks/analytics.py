"""Measure compaction and report: `make bench-analytics`; other sizes: `python -m tools.benchmarks.analytics 50000`.

Sizes are numbers of events. It also measures the compaction of one day of many events, as after a replay, and a report
over many days of a million orders a month, within the functions' memory. Each step runs in a process of its own, so
that its peak of memory can be told. Disk is what the function would have fetched, plus temporary files.
"""

import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import Any

import duckdb

from contexts.analytics import zones
from contexts.analytics.compaction import compact
from contexts.analytics.folder_lake import FolderLake
from contexts.analytics.generator import generate
from contexts.analytics.report import build_report, render_page
from tools.benchmarks.many_days import many_days

SIZES = (100_000, 1_000_000, 10_000_000)
ONE_DAY = (1_000_000, 10_000_000, 30_000_000)
MANY_DAYS = (30, 300, 3_000)
Steps = dict[str, Callable[[Path, int], dict[str, Any]]]
EVENTS_PER_ORDER = 4.915
DAYS_PER_MILLION = 36  # days of a history of a million events
CORES, MEMORY = 2, "1500MB"
# DuckDB's default limit in a function with 3,008 MB.
IN_THE_FUNCTION = "2406MiB"


def generating(folder: Path, events: int) -> dict[str, Any]:
    days = max(7, round(events / 1_000_000 * DAYS_PER_MILLION))
    return {"events": generate(folder, orders=round(events / EVENTS_PER_ORDER), days=days, seed=1).events}


def one_day(folder: Path, events: int) -> dict[str, Any]:
    return {"events": generate(folder, orders=round(events / EVENTS_PER_ORDER), days=1, seed=1).events}


def compacting(folder: Path, _: int) -> dict[str, Any]:
    done = compact(FolderLake(folder), threads=CORES, memory=IN_THE_FUNCTION)
    if done.unreadable:
        sys.exit(str(done.unreadable))
    return {"events": done.events_added}


def reporting(folder: Path, _: int) -> dict[str, Any]:
    return {"events": build_report(FolderLake(folder), threads=CORES, memory=MEMORY).events}


def drawing(folder: Path, _: int) -> dict[str, Any]:
    page = render_page(build_report(FolderLake(folder), threads=CORES, memory=MEMORY))
    return {"kilobytes": len(page.encode()) // 1000}


def keeping_days(folder: Path, days: int) -> dict[str, Any]:
    return {"files": many_days(folder, days)}


KEPT = (zones.AGGREGATES, zones.ORDERS)
HISTORY: Steps = {
    "generate": generating,
    "compact": compacting,
    "compact again": compacting,
    "report": reporting,
    "report and page": drawing,
}
DAY: Steps = {"generate one day": one_day, "compact": compacting, "report": reporting}
DAYS: Steps = {"keep days": keeping_days, "report": reporting, "report and page": drawing}
STEPS = HISTORY | DAY | DAYS


def measured(step: str, folder: Path, size: int) -> dict[str, Any]:
    fetched = _bytes(folder)
    with tempfile.TemporaryDirectory(prefix="takeaway-bench-beside-") as beside:
        tempfile.tempdir, done, largest = beside, Event(), [0]

        def watch() -> None:
            while not done.wait(0.2):
                largest[0] = max(largest[0], _bytes(Path(beside)))

        watching = Thread(target=watch)
        watching.start()
        started = monotonic()
        try:
            told = STEPS[step](folder, size)
        finally:
            seconds = monotonic() - started
            done.set()
            watching.join()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    disk = (fetched + largest[0]) // 1_000_000
    return {"seconds": seconds, "megabytes": peak // 1_000_000, "megabytes of disk": disk, **told}


def main(sizes: tuple[int, ...], one_day: tuple[int, ...], many: tuple[int, ...]) -> None:
    print(f"{datetime.now(UTC):%Y-%m-%d}  {_processor()}, {os.cpu_count()} cores, {_memory()}")
    print(f"Python {platform.python_version()}, DuckDB {duckdb.__version__}; on {CORES} threads:")
    print(f"report within {MEMORY}, compaction within {IN_THE_FUNCTION}")
    for size in sizes:
        _run(f"{size:,} events", size, list(HISTORY))
    for size in one_day:
        _run(f"{size:,} events on one day", size, list(DAY))
    for size in many:
        _run(f"{size:,} days of a million orders a month", size, list(DAYS))


def _run(title: str, size: int, steps: list[str]) -> None:
    print(f"\n{title}")
    with tempfile.TemporaryDirectory(prefix="takeaway-bench-") as folder:
        for step in steps:
            command = [sys.executable, "-m", __spec__.name if __spec__ else __name__, step, folder, str(size)]
            run = subprocess.run(command, check=False, capture_output=True, text=True)
            if run.returncode:
                print(f"{step:>20}  failed: {run.stderr.strip().splitlines()[-1]}", flush=True)
                return
            said = json.loads(run.stdout)
            rest = ", ".join(f"{value:,} {n}" for n, value in said.items() if n in ("events", "kilobytes", "files"))
            used = f"{said['megabytes']:6,} MB peak {said['megabytes of disk']:6,} MB disk"
            print(f"{step:>20}  {said['seconds']:7.2f} s {used}  {rest}", flush=True)
        all_zones = (zones.RAW, zones.CURATED, zones.AGGREGATES, zones.ORDERS)
        print(
            f"{'files':>20}  " + ", ".join(f"{zone} {_bytes(Path(folder, zone)) / 1e6:,.1f} MB" for zone in all_zones)
        )


def _bytes(folder: Path) -> int:
    total = 0
    for file in folder.rglob("*"):
        try:
            total += file.stat().st_size if file.is_file() else 0
        except FileNotFoundError:  # removed after it was listed
            continue
    return total


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
        case [step, folder, size] if step in STEPS:
            print(json.dumps(measured(step, Path(folder), int(size))))
        case ["day", *given]:
            main((), tuple(map(int, given)), ())
        case ["days", *given]:
            main((), (), tuple(map(int, given)))
        case []:
            main(SIZES, ONE_DAY, MANY_DAYS)
        case given:
            main(tuple(map(int, given)), (), ())
