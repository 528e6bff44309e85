"""Objects that somebody else has put into the lake, or has damaged, disturb nothing, and are named if they matter."""

import gzip
import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from moto import mock_aws

from contexts.analytics import zones
from contexts.analytics.compaction import compact
from contexts.analytics.folder_lake import FolderLake
from contexts.analytics.ingest import Ingested, Message, ingest
from contexts.analytics.lake import S3Lake
from contexts.analytics.ports import Lake, LakeUnavailable
from contexts.analytics.quarantine import Released, release
from contexts.analytics.report import build_report
from tests.fakes import aws

Event = Callable[..., dict[str, Any]]
DAY, NEXT_DAY = "2026-11-23", "2026-11-24"
PLACE = f"event_type=order_placed/date={DAY}"
STRAYS = (
    "new/junk.txt", "new/.DS_Store", "raw/_SUCCESS", "curated/_SUCCESS", "quarantine/README", "curated/copy.parquet",
    f"new/{PLACE}/notes.txt", f"new/{PLACE}/deeper/x.ndjson.gz", "new/event_type=../x/date=2026-11-23/x.ndjson.gz",
    "new/event_type=order_placed/date=2026-13-99/x.ndjson.gz", "new/event_type=order_placed/x.ndjson.gz",
    f"curated/date={DAY}/part-0.parquet", "curated/date=tomorrow/events.parquet", "quarantine/deeper/x.json",
)  # fmt: skip
FOLDERS = ("raw/", "new/", "curated/", "quarantine/", f"new/{PLACE}/", "new//", "new/event_type=a/../../../x.ndjson.gz")


@pytest.fixture(params=["s3", "folder"])
def lake(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Lake]:
    """A lake on S3 or in a folder, with strays everywhere; keys that no folder can have are on S3 only."""
    with mock_aws() if request.param == "s3" else nullcontext():
        client = aws.client("s3", "us-east-1")
        if request.param == "s3":
            client.create_bucket(Bucket="lake")
            aws.filled("lake", STRAYS, b"nobody's")
            aws.filled("lake", FOLDERS)
            yield S3Lake(client, "lake")
            return
        lake = FolderLake(tmp_path / "lake")
        for stray in STRAYS:
            lake.put(stray, b"nobody's")
        yield lake


def deliver(lake: Lake, *events: dict[str, Any]) -> None:
    assert ingest([Message(str(number), json.dumps(each)) for number, each in enumerate(events)], lake) == Ingested()


def test_strays_are_left_alone_and_stop_nobody(lake: Lake, event: Event) -> None:
    before = set(lake.names(""))
    deliver(lake, event("order_placed", "a"))
    assert build_report(lake).orders == 1
    done = compact(lake)
    assert (done.days, done.left, done.unreadable) == (1, 0, [])
    report = build_report(lake)
    assert (report.orders, report.unreadable) == (1, [])
    assert release(lake) == Released()
    assert before <= set(lake.names(""))


SPOILT = {
    "truncated": lambda content: content[:-9],
    "empty": lambda _: b"",
    "another kind": lambda _: b"not gzip",
    "no JSON": lambda _: gzip.compress(b'{"event_id":'),
    "no event": lambda _: gzip.compress(b"{}\n"),
    "another type": lambda content: gzip.compress(gzip.decompress(content).replace(b'"2026', b'"Giulia 2026')),
}


# Fetched objects are files on either lake, so each kind of damage is tried on one of the two only.
@pytest.mark.parametrize(
    ("lake", "spoil"), list(zip(itertools.cycle(("s3", "folder")), SPOILT.values(), strict=False)), indirect=["lake"],
    ids=SPOILT.keys(),
)  # fmt: skip
def test_an_unreadable_object_leaves_its_day_and_no_other_and_is_named_each_time(
    lake: Lake, event: Event, spoil: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    deliver(lake, event("order_placed", "a"))
    deliver(lake, event("order_accepted", "a"), event("order_placed", "b", f"{NEXT_DAY}T12:00:00.000Z"))
    (name,) = [each for each in zones.ours(lake.names(zones.RAW)) if PLACE in each]
    (file,) = lake.fetch([name], tmp_path)
    good = file.read_bytes()
    lake.put(name, spoil(good))
    for _ in range(2):
        done = compact(lake)
        assert (done.left, len(done.unreadable)) == (1, 1)
        assert done.unreadable[0].startswith(f"{name}: ")
        assert len(done.unreadable[0]) > len(f"{name}: ")
        assert "Giulia" not in done.unreadable[0]
        assert zones.ours(lake.names(zones.CURATED)) == [zones.curated_object(NEXT_DAY)]
        report = build_report(lake)
        assert (report.orders, report.events, report.unreadable) == (2, 2, done.unreadable)
    lake.put(name, good)
    assert compact(lake).unreadable == []
    assert build_report(lake).events == 3
    assert zones.ours(lake.names(zones.NEW)) == []


def spoil(lake: Lake, name: str, folder: Path, *, half: bool) -> None:
    (file,) = lake.fetch([name], folder)
    content = file.read_bytes()
    lake.put(name, content[: len(content) // 2] if half else content[:4] + b"\xff" * 60 + content[64:])


@pytest.mark.parametrize("half", [True, False], ids=["truncated", "garbled inside"])
def test_an_unreadable_day_of_the_curated_zone_is_named_once_it_is_needed_and_the_others_are_reported(
    lake: Lake, event: Event, half: bool, tmp_path: Path
) -> None:
    deliver(lake, event("order_placed", "a"), event("order_placed", "b", f"{NEXT_DAY}T12:00:00.000Z"))
    compact(lake)
    name = zones.curated_object(DAY)
    spoil(lake, name, tmp_path, half=half)
    report = build_report(lake)
    assert (report.orders, report.unreadable) == (2, [])  # the day's aggregates are there
    deliver(lake, event("order_placed", "c"), event("order_placed", "d", f"{NEXT_DAY}T12:00:00.000Z"))
    report = build_report(lake)
    assert report.orders == 3
    assert [each.partition(": ")[0] for each in report.unreadable] == [name]
    done = compact(lake)
    assert (done.days, done.left, [each.partition(": ")[0] for each in done.unreadable]) == (1, 1, [name])


@pytest.mark.parametrize(
    ("lake", "object_of"), [("s3", zones.aggregates_object), ("folder", zones.orders_object)], indirect=["lake"]
)
def test_a_day_whose_aggregates_or_orders_are_spoilt_is_read_event_by_event_and_named_until_they_are_made_anew(
    lake: Lake, event: Event, object_of: Callable[[str], str], tmp_path: Path
) -> None:
    deliver(lake, event("order_placed", "a"), event("order_rejected", "a"))
    compact(lake)
    # A later day, so that the day before is asked for its orders.
    deliver(lake, event("order_failed", "a", f"{NEXT_DAY}T12:00:00.000Z"))
    before = build_report(lake)
    assert (before.orders_by_status, before.unreadable) == ({"FAILED": 1}, [])
    name = object_of(DAY)
    spoil(lake, name, tmp_path, half=object_of is zones.orders_object)
    report = build_report(lake)
    assert [each.partition(": ")[0] for each in report.unreadable] == [name]
    assert report.model_copy(update={"unreadable": []}) == before
    done = compact(lake)
    assert [each.partition(": ")[0] for each in done.unreadable] == [name]
    lake.delete([name])
    assert compact(lake).unreadable == []
    assert compact(lake).left == 0
    assert build_report(lake) == before


def test_a_day_whose_objects_are_refused_leaves_the_others(tmp_path: Path, event: Event) -> None:
    class Refusing(FolderLake):
        def fetch(self, names: Any, folder: Path) -> list[Path]:
            listed = list(names)
            if any(DAY in name for name in listed):
                raise LakeUnavailable(f"{listed[0]}: InvalidObjectState")
            return super().fetch(listed, folder)

    lake = Refusing(tmp_path / "lake")
    deliver(lake, event("order_placed", "a"), event("order_placed", "b", f"{NEXT_DAY}T12:00:00.000Z"))
    done = compact(lake)
    assert (done.days, done.left) == (1, 1)
    assert [each.endswith("InvalidObjectState") for each in done.unreadable] == [True]


def test_a_marker_of_nothing_goes(lake: Lake) -> None:
    lake.put(f"new/{PLACE}/x.ndjson.gz", b"")
    assert build_report(lake).events == 0
    assert compact(lake).events_added == 0
    assert zones.ours(lake.names(zones.NEW)) == []
