"""Make a lake with many days' aggregates: generate and compact a month, and repeat it with later dates and new ids."""

import shutil
from datetime import timedelta
from pathlib import Path

import duckdb

from contexts.analytics import columns, zones
from contexts.analytics.aggregates import day_of
from contexts.analytics.compaction import compact
from contexts.analytics.folder_lake import FolderLake
from contexts.analytics.generator import START, generate

MONTH, ORDERS = 30, 1_000_000
TIMES = [name for name, kind, *_ in columns.AGGREGATES if kind == "TIMESTAMP"]
LATER = ", ".join(f"{name} + INTERVAL '{{days}}' DAY AS {name}" for name in TIMES)


def many_days(folder: Path, days: int) -> int:
    """Write only the files that a report reads, and return the number of days."""
    month = folder / "month"
    generate(month, orders=ORDERS, days=MONTH, seed=1)
    compact(FolderLake(month))
    files = {day_of(file): file for file in sorted(month.glob(f"{zones.AGGREGATES}*/*.parquet"))}
    with duckdb.connect() as duck:
        for number in range(days):
            later = number // MONTH * MONTH
            file = files[(START + timedelta(days=number % MONTH)).isoformat()]
            day = (START + timedelta(days=number)).isoformat()
            for name in (zones.aggregates_object(day), zones.orders_object(day)):
                (folder / name).parent.mkdir(parents=True)
            what = f"SELECT * REPLACE ({LATER.format(days=later)}, order_id || '-{later}' AS order_id) FROM '{file}'"
            duck.execute(
                f"COPY ({what}) TO '{folder / zones.aggregates_object(day)}' (FORMAT parquet, COMPRESSION zstd)"
            )
            shutil.copy(month / zones.orders_object(day_of(file)), folder / zones.orders_object(day))
    shutil.rmtree(month)
    return days
