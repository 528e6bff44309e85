"""Compaction brings in every new object once, whenever it runs and wherever it is interrupted."""

import itertools
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from contexts.analytics import zones
from contexts.analytics.compaction import Compacted, compact, mark_everything
from contexts.analytics.consumed_events import OrderCompleted
from contexts.analytics.folder_lake import FolderLake, NotPossible
from contexts.analytics.report import build_report
from tests.fakes.lake import Killed, MortalLake

Event = Callable[..., dict[str, Any]]
Deliver = Callable[..., None]


def curated(lake: FolderLake) -> list[str]:
    if not lake.names(zones.CURATED):
        return []
    found = duckdb.sql(f"SELECT event_id FROM '{lake.folder}/curated/*/*.parquet' ORDER BY ALL").fetchall()
    return [row[0] for row in found]


class ReadCounting(FolderLake):
    """A lake that records which objects were read."""

    def fetch(self, names: Any, folder: Path) -> list[Path]:
        listed = list(names)
        self.__dict__.setdefault("read", []).extend(listed)
        return super().fetch(listed, folder)


def test_what_is_new_becomes_a_file_per_day_with_each_event_once(
    lake: FolderLake, event: Event, deliver: Deliver
) -> None:
    deliver(lake, event("order_placed", "a"), event("order_completed", "a"))
    next_day = event("order_placed", "b", "2026-11-24T00:00:00.000Z")
    deliver(lake, event("order_placed", "a"), event("order_placed", "c"), next_day)
    assert compact(lake) == Compacted(days=2, objects=4, events_added=4)
    assert lake.names(zones.CURATED) == [zones.curated_object(day) for day in ("2026-11-23", "2026-11-24")]
    assert curated(lake) == ["a order_completed", "a order_placed", "b order_placed", "c order_placed"]
    assert lake.names(zones.NEW) == []


def test_a_second_run_does_nothing(lake: FolderLake, event: Event, deliver: Deliver) -> None:
    deliver(lake, event("order_placed", "a"))
    compact(lake)
    before = lake.version(zones.curated_object("2026-11-23"))
    assert compact(lake) == Compacted()
    assert lake.version(zones.curated_object("2026-11-23")) == before


def test_only_what_is_new_is_read_and_only_of_its_days(lake: FolderLake, event: Event, deliver: Deliver) -> None:
    deliver(lake, event("order_placed", "a"), event("order_placed", "b", "2026-11-24T12:00:00.000Z"))
    compact(lake)
    old = set(lake.names(zones.RAW))
    deliver(lake, event("order_placed", "c"))
    watched = ReadCounting(lake.folder)
    compact(watched)
    (new,) = set(lake.names(zones.RAW)) - old
    orders = [zones.orders_object("2026-11-23"), zones.orders_object("2026-11-24")]  # hashes of the orders of each day
    assert watched.__dict__["read"] == [new, zones.curated_object("2026-11-23"), *orders]


def test_a_replay_of_everything_adds_nothing_and_rewrites_nothing(
    lake: FolderLake, event: Event, deliver: Deliver
) -> None:
    events = [event(kind, order) for order in "abc" for kind in ("order_placed", "order_accepted", "order_completed")]
    deliver(lake, *events)
    compact(lake)
    report, version = build_report(lake), lake.version(zones.curated_object("2026-11-23"))
    for one, other in itertools.pairwise(events):  # batched differently, so under other names
        deliver(lake, one, other)
    assert build_report(lake) == report
    assert compact(lake).events_added == 0
    assert lake.version(zones.curated_object("2026-11-23")) == version
    assert build_report(lake) == report


def test_a_replay_brings_the_fields_that_older_lines_lack(lake: FolderLake, event: Event, deliver: Deliver) -> None:
    deliver(lake, event("order_completed", "a"))
    compact(lake)
    # a lake of an older version, without pieces and aggregates
    lake.delete(lake.names(zones.AGGREGATES))
    file = lake.folder / zones.curated_object("2026-11-23")
    duckdb.sql(f"COPY (SELECT * EXCLUDE (pieces, reason) FROM '{file}') TO '{file}.old' (FORMAT parquet)")
    shutil.move(f"{file}.old", file)
    assert build_report(lake).baskets[0].mean_pieces is None
    deliver(lake, event("order_completed", "a"))
    assert compact(lake) == Compacted(days=1, objects=1, events_added=0)
    assert build_report(lake).baskets[0].mean_pieces == 3


def found_in(folder: Path) -> dict[str, bytes]:
    lake = FolderLake(folder)
    return {name: (folder / name).read_bytes() for name in lake.names("")}


@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
def test_killed_at_any_step_the_lake_loses_nothing_and_the_next_run_ends_the_work(
    lake: FolderLake, event: Event, deliver: Deliver, tmp_path: Path, done: bool
) -> None:
    deliver(lake, event("order_placed", "a"), event("order_completed", "a"))
    compact(lake)
    deliver(
        lake,
        event("order_placed", "b"),
        event("order_placed", "a"),
        event("order_placed", "c", "2026-11-24T09:00:00.000Z"),
    )
    expected, report = ["a order_completed", "a order_placed", "b order_placed", "c order_placed"], build_report(lake)
    seen: list[dict[str, bytes]] = []
    for step in itertools.count(1):
        copy = tmp_path / str(step)
        shutil.copytree(lake.folder, copy)
        mortal = MortalLake(copy, at=step, done=done)
        try:
            compact(mortal)
        except Killed:
            if (left := found_in(copy)) in seen:  # the same files as after an earlier kill, so the same follows
                continue
            seen.append(left)
            assert build_report(FolderLake(copy)) == report, f"killed at step {step}"
            compact(FolderLake(copy))
        assert curated(FolderLake(copy)) == expected, f"killed at step {step}"
        assert FolderLake(copy).names(zones.NEW) == []
        assert build_report(FolderLake(copy)) == report
        if mortal.__dict__["steps"] < step:  # it was not killed, so there are no more steps
            break
    assert step > 12


def test_of_two_runs_at_the_same_time_the_slower_leaves_the_day_and_nothing_is_lost(
    lake: FolderLake, event: Event, deliver: Deliver
) -> None:
    deliver(lake, event("order_placed", "a"))

    class Overtaken(FolderLake):
        def fetch(self, names: Any, folder: Path) -> list[Path]:
            found = super().fetch(names, folder)
            deliver(lake, event("order_placed", "b"))
            compact(lake)
            return found

    assert compact(Overtaken(lake.folder)) == Compacted(left=1)
    assert curated(lake) == ["a order_placed", "b order_placed"]


def test_a_run_that_is_short_of_time_leaves_days_for_the_next(lake: FolderLake, event: Event, deliver: Deliver) -> None:
    deliver(lake, *(event("order_placed", str(day), f"2026-11-0{day}T12:00:00.000Z") for day in (3, 1, 2)))
    time = iter([True, True, False])
    assert compact(lake, go_on=lambda: next(time)) == Compacted(days=2, objects=2, events_added=2, left=1)
    assert lake.names(zones.CURATED) == [zones.curated_object(f"2026-11-0{day}") for day in (1, 2)]
    assert compact(lake).days == 1


def test_the_curated_zone_can_be_made_anew_from_the_raw_one(lake: FolderLake, event: Event, deliver: Deliver) -> None:
    deliver(lake, event("order_placed", "a"), event("order_completed", "a"))
    compact(lake)
    before = curated(lake)
    lake.delete(lake.names(zones.CURATED))
    assert mark_everything(lake) == 2
    compact(lake)
    assert curated(lake) == before


class Meanwhile(FolderLake):
    """Does something else while a run works on the files that it has fetched."""

    def fetch(self, names: Any, folder: Path) -> list[Path]:
        found = super().fetch(names, folder)
        if does := self.__dict__.pop("does", None):
            does()
        return found


def while_it_works(lake: FolderLake, does: Callable[[], object]) -> Compacted:
    meanwhile = Meanwhile(lake.folder)
    meanwhile.__dict__["does"] = does
    return compact(meanwhile)


def test_what_a_newer_version_says_of_the_same_events_while_a_run_works_is_taken_up_by_the_next(
    lake: FolderLake, event: Event, deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = OrderCompleted.record
    monkeypatch.setattr(OrderCompleted, "record", lambda self: {**newer(self), "pieces": None})  # an older version
    deliver(lake, event("order_completed", "a"))
    monkeypatch.setattr(OrderCompleted, "record", newer)
    while_it_works(lake, lambda: deliver(lake, event("order_completed", "a")))
    assert len(lake.names(zones.NEW)) == 1
    assert compact(lake).days == 1
    assert build_report(lake).baskets[0].mean_pieces == 3


@pytest.mark.parametrize("is_done", [True, False], ids=["nothing to add", "something to add"])
def test_a_lake_that_is_marked_anew_while_a_run_works_loses_nothing(
    lake: FolderLake, event: Event, deliver: Deliver, is_done: bool
) -> None:
    deliver(lake, event("order_placed", "a"), event("order_accepted", "a"))
    compact(lake)
    deliver(lake, event("order_placed", "a" if is_done else "b"), event("order_placed", "a"))

    def start_anew() -> None:
        lake.delete(lake.names(zones.CURATED))
        mark_everything(lake)

    before = build_report(lake)
    while_it_works(lake, start_anew)
    compact(lake)
    assert build_report(lake) == before
    assert lake.names(zones.NEW) == []


def test_markers_that_were_set_after_a_run_began_are_not_taken_away_by_it(
    lake: FolderLake, event: Event, deliver: Deliver
) -> None:
    deliver(lake, event("order_placed", "a"))
    while_it_works(lake, lambda: mark_everything(lake))
    (again,) = lake.names(zones.NEW)
    assert zones.ours([again]) == [again]
    assert zones.marked(again) in lake.names(zones.RAW)


@pytest.mark.parametrize("name", ["lake[1]", "lake*", "la?e1", "a#b?c=d", "**", "date=1", "lake1"])
@pytest.mark.parametrize("relative", [True, False])
def test_a_folder_whose_name_looks_like_a_pattern_is_itself_alone(
    tmp_path: Path, event: Event, deliver: Deliver, monkeypatch: pytest.MonkeyPatch, name: str, relative: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    others = [each for each in ("lake1", "lake2", "lakex", "lake[1]") if each != name]
    for each in (name, *others):
        deliver(FolderLake(tmp_path / each), event("order_placed", each))
    lake = FolderLake(Path(name) if relative else tmp_path / name)
    for does in (lambda: None, lambda: compact(lake)):
        does()
        report = build_report(lake)
        assert (report.orders, report.unreadable) == (1, [])
    assert all(FolderLake(tmp_path / each).names(zones.CURATED) == [] for each in others)


@pytest.mark.parametrize("name", ["back\\*slash", "latin-\udce9"])
def test_a_folder_whose_name_can_not_be_given_to_the_engine_is_refused(
    tmp_path: Path, event: Event, deliver: Deliver, name: str
) -> None:
    lake = FolderLake(tmp_path / name)
    deliver(lake, event("order_placed", "a"))
    for does in (build_report, compact):
        with pytest.raises(NotPossible, match="rename its folder"):
            does(lake)


def test_names_that_look_like_sql_are_only_names(tmp_path: Path, event: Event, deliver: Deliver) -> None:
    lake = FolderLake(tmp_path / "it's a lake")
    strange = event("order_placed", "a")
    strange["detail"]["data"]["restaurant_id"] = "'); DROP TABLE events; --"
    deliver(lake, strange)
    compact(lake)
    assert json.loads(build_report(lake).model_dump_json())["restaurants"][0]["restaurant_id"].startswith("'); DROP")
