"""Writes histories of orders straight into a lake: to see reports with life in them, and to measure at size.

People and tests run it; the functions do not carry it. The same arguments write the same lake. The folder must have no
lake yet, because `truth.json` is counted from the generated orders alone.
"""

import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from contexts.analytics import zones
from contexts.analytics.database import pattern
from contexts.analytics.folder_lake import NotPossible
from contexts.analytics.generator.draw import Day, draw, orders_per_day
from contexts.analytics.generator.lines import write_day
from contexts.analytics.generator.truth import truth_of

START = date(2026, 1, 5)  # a Monday; fixed, so that the same seed is the same lake tomorrow
TRUTH = "truth.json"
ZONES = (zones.RAW, zones.NEW, zones.CURATED, zones.QUARANTINE, zones.REPORTS)


class LakeNotEmpty(NotPossible):
    """The folder has a lake already, or a part of one."""


@dataclass(frozen=True)
class Generated:
    events: int
    truth: Path


def generate(
    folder: Path, *, orders: int, days: int, seed: int, start: date = START, on_day: Callable[[], None] = lambda: None
) -> Generated:
    """Write histories of `orders` orders, placed within `days` days, and the figures that a report must find.

    Those figures are in `truth.json`. `on_day` is called after each day. Raises LakeNotEmpty, UnusablePath.
    """
    pattern(folder)
    there = [zone for zone in ZONES if any(each.is_file() for each in (folder / zone).rglob("*"))]
    if (folder / TRUTH).exists() or there:
        raise LakeNotEmpty(f"{folder} has a lake already ({', '.join(there) or TRUTH}): name a folder without one.")
    counts = orders_per_day(orders, days=days, start=start, seed=seed)
    firsts = [sum(counts[:number]) for number in range(days)]
    history = f"{seed}-{orders}-{days}"
    make = partial(_make_day, folder, start=start, until=start + timedelta(days=days), seed=seed, history=history)
    drawn: list[Day] = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for day in pool.map(make, range(days), counts, firsts):
            drawn.append(day)
            on_day()
    found = truth_of(drawn)
    truth = folder / TRUTH
    folder.mkdir(parents=True, exist_ok=True)
    truth.write_text(json.dumps(found, indent=1, sort_keys=True), encoding="utf-8")
    return Generated(events=int(found["events"]), truth=truth)


def _make_day(
    folder: Path, number: int, count: int, first: int, *, start: date, until: date, seed: int, history: str
) -> Day:
    day = draw(start + timedelta(days=number), count, first=first, until=until, seed=seed, number=number)
    write_day(folder, day, history=history)
    return day
