"""A lake has objects of every age: today's code reads what each version wrote, and the one before reads today's.

`lakes/events.ndjson` are events as the bus delivers them; each `lakes/<day>.zip` is the lake that the version of that
day made of them, all but the last event compacted. One more is kept whenever today's code writes other names, lines or
columns. A deployment that is rolled back leaves today's objects to the version before, so both directions are met.
"""

import gzip
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from contexts.analytics import zones
from contexts.analytics.compaction import Compacted, compact, mark_everything
from contexts.analytics.folder_lake import FolderLake
from contexts.analytics.ingest import Ingested, Message, ingest
from contexts.analytics.report import build_report

LAKES = Path(__file__).parent / "lakes"
KEPT = sorted(file.stem for file in LAKES.glob("*.zip"))
NEWEST = KEPT[-1]
BODIES = (LAKES / "events.ndjson").read_text(encoding="utf-8").splitlines()
LATER = "of a later version"
each_version = pytest.mark.parametrize("version", KEPT)


@pytest.fixture
def today(tmp_path: Path) -> FolderLake:
    """Return the lake that today's code makes of the events."""
    lake = FolderLake(tmp_path / "today")
    *most, last = (Message(str(number), body) for number, body in enumerate(BODIES))
    assert ingest(most, lake) == Ingested()
    assert compact(lake).unreadable == []
    assert ingest([last], lake) == Ingested()
    return lake


@pytest.fixture
def kept(version: str, tmp_path: Path) -> FolderLake:
    return unpacked(version, tmp_path)


def unpacked(version: str, folder: Path) -> FolderLake:
    with zipfile.ZipFile(LAKES / f"{version}.zip") as lake:
        lake.extractall(folder / version)
    return FolderLake(folder / version)


def names(lake: FolderLake) -> list[str]:
    """Return the names of all objects, without a folder's own lock."""
    return zones.ours(lake.names(""))


def lines(lake: FolderLake) -> dict[str, list[dict[str, Any]]]:
    """Return the lines of the raw zone by the names of their objects."""
    found = {name: gzip.decompress((lake.folder / name).read_bytes()) for name in lake.names(zones.RAW)}
    return {name: [json.loads(line) for line in content.splitlines()] for name, content in found.items()}


def tables(lake: FolderLake) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each Parquet file's name, with the types of its columns by their names."""
    for name in names(lake):
        if name.endswith(".parquet"):
            found = duckdb.execute("DESCRIBE FROM read_parquet($file)", {"file": str(lake.folder / name)}).fetchall()
            yield name, {column: kind for column, kind, *_ in found if column != "date"}  # the folder's name


@each_version
def test_the_report_of_what_an_earlier_version_wrote_is_that_of_today(kept: FolderLake, today: FolderLake) -> None:
    assert build_report(kept) == build_report(today)


@each_version
def test_compaction_takes_up_what_an_earlier_version_left(kept: FolderLake, today: FolderLake) -> None:
    assert compact(kept).events_added == compact(today).events_added == 1
    assert compact(kept) == Compacted()
    assert build_report(kept) == build_report(today)
    assert dict(tables(kept)) == dict(tables(today))


@each_version
def test_a_curated_zone_that_was_lost_is_made_anew_of_what_an_earlier_version_wrote(
    kept: FolderLake, today: FolderLake
) -> None:
    kept.delete(name for zone in (zones.CURATED, zones.AGGREGATES, zones.ORDERS) for name in kept.names(zone))
    mark_everything(kept)
    compact(kept)
    assert build_report(kept) == build_report(today)


@each_version
def test_the_same_events_again_make_no_other_object(kept: FolderLake) -> None:
    before = kept.names(zones.RAW)
    *most, last = (Message(str(number), body) for number, body in enumerate(BODIES))
    ingest(most, kept)
    ingest([last], kept)
    assert kept.names(zones.RAW) == before


def test_what_is_written_today_is_kept_for_the_versions_to_come(today: FolderLake, tmp_path: Path) -> None:
    newest = unpacked(NEWEST, tmp_path)
    said = "keep today's lake as another file of tests/analytics/lakes"
    assert names(today) == names(newest), said
    assert lines(today) == lines(newest), said
    assert dict(tables(today)) == dict(tables(newest)), said


@each_version
def test_what_every_earlier_version_reads_is_written_today(kept: FolderLake, today: FolderLake) -> None:
    assert set(names(kept)) <= set(names(today))
    now, before = lines(today), lines(kept)
    assert all(
        line.items() <= new.items() for name in before for line, new in zip(before[name], now[name], strict=True)
    )
    columns = dict(tables(today))
    assert all(kinds.items() <= columns[name].items() for name, kinds in tables(kept))


def test_what_a_later_version_wrote_besides_is_passed_over(today: FolderLake) -> None:
    figures = build_report(today)
    for name, content in lines(today).items():
        added = "".join(json.dumps({**line, "season": LATER}) + "\n" for line in content)
        today.put(name, gzip.compress(added.encode(), mtime=0))
    for name, _ in list(tables(today)):
        file, written = today.folder / name, today.folder.parent / "later.parquet"
        duckdb.execute(
            f"COPY (SELECT * EXCLUDE (date), '{LATER}' AS season FROM '{file}') TO '{written}' (FORMAT parquet)"
        )
        written.replace(file)
    assert build_report(today) == figures
    assert compact(today).unreadable == []
    assert build_report(today) == figures
