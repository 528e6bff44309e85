"""A report that adds up days equals one that reads every event, whatever comes late, twice or in another order."""

import gzip
import itertools
import json
import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from contexts.analytics import columns, zones
from contexts.analytics.aggregates import near
from contexts.analytics.compaction import Compacted, compact
from contexts.analytics.database import database
from contexts.analytics.folder_lake import FolderLake
from contexts.analytics.generator import generate
from contexts.analytics.report import Report, athena, build_report, figures
from tests.fakes.lake import Killed, MortalLake

Event = Callable[..., dict[str, Any]]
Deliver = Callable[..., None]
Lines = list[dict[str, Any]]

# Computes the figures from all events, order by order: the report as it was before there were aggregates.
ALL_EVENTS = Path(__file__).with_name("all_events.sql").read_text(encoding="utf-8")
LOCAL = "CREATE TEMP MACRO local(moment) AS timezone('{zone}', timezone('UTC', moment))"
UNIQUE = "CREATE TEMP TABLE events AS SELECT DISTINCT ON (event_id) * FROM ({lines})"
TENTH = 0.1
ENDS = ["order_completed", "order_rejected", "order_expired", "order_cancelled", "order_timed_out", "order_failed"]
TYPES = ["order_placed", "restaurant_notified", "order_accepted", "user_notified", *ENDS]
DAYS, NEVER_SEEN_AGAIN = 3, 0.6


def rows(duck: duckdb.DuckDBPyConnection, view: str) -> list[dict[str, Any]]:
    found = duck.execute(f"FROM {view}")
    return [dict(zip([each[0] for each in found.description or ()], row, strict=True)) for row in found.fetchall()]


def check(report: Report, folder: Path, zone: str = "UTC") -> None:
    """Compare the report with figures computed from every line of the raw zone, each event once."""
    files = [str(file) for file in folder.rglob("raw/*/*/*.gz")]
    with database() as duck:
        duck.execute(UNIQUE.format(lines=columns.LINES.replace("$files", str(files))))
        duck.execute(LOCAL.format(zone=zone))
        duck.execute(ALL_EVENTS)
        (totals,) = rows(duck, "totals")
        assert (report.events, report.orders) == (totals["events"], len(rows(duck, "orders")))
        period = [each and each.replace(tzinfo=UTC) for each in (totals["first_event_at"], totals["last_event_at"])]
        assert [report.first_event_at, report.last_event_at] == period
        assert {each.step: each.orders for each in report.funnel} == rows(duck, "funnel")[0]
        for name in ("exits", "waiting_times", "orders_by_hour", "revenue_by_day"):
            assert [each.model_dump() for each in getattr(report, name)] == rows(duck, name), name
        found = {each.restaurant_id: each for each in report.restaurants} | {None: report}
        assert {each["restaurant_id"] for each in rows(duck, "orders_by_status")} == set(found)
        for id_, figures in found.items():
            of = {
                view: [each for each in rows(duck, view) if each.pop("restaurant_id") == id_]
                for view in ("orders_by_status", "answers", "revenue", "baskets")
            }
            assert figures.orders_by_status == {each["status"]: each["orders"] for each in of["orders_by_status"]}
            assert [each.model_dump() for each in figures.revenue] == of["revenue"]
            assert [each.model_dump() for each in figures.baskets] == of["baskets"]
            answers = of["answers"][0] if of["answers"] else {"acceptance_rate": None, "p50": None, "p95": None}
            assert figures.acceptance_rate == answers["acceptance_rate"]
            times = figures.time_to_accept_seconds
            assert (times is None) == (answers["p50"] is None)
            for name in ("p50", "p95") if times else ():
                told = getattr(times, name)
                assert round(told, 1) == told
                assert told == pytest.approx(answers[name], abs=TENTH / 2 + 1e-9), name


def history(chance: random.Random, orders: int) -> Lines:
    """Make random lives of orders: any changes in any order, often across midnight."""
    lines: Lines = []
    for order in range(orders):
        midnight = datetime(2026, 11, 20, tzinfo=UTC) + timedelta(days=chance.randrange(DAYS))
        began = midnight + timedelta(minutes=chance.choice([-30, -1, 0, 600]), milliseconds=chance.randrange(60_000))
        restaurant, currency = chance.choice([("roma", "EUR"), ("sakura", "JPY"), ("roma", "USD")])
        usual = ["order_placed", "restaurant_notified", "order_accepted", "order_completed"][: chance.randint(1, 4)]
        kinds = usual if chance.random() < NEVER_SEEN_AGAIN else chance.sample(TYPES, chance.randint(1, 5))
        for kind in kinds:
            # Mostly a minute later; once in a while on another day.
            began += timedelta(
                milliseconds=chance.randrange(-1000, 90_000),
                days=chance.choice([0] * 12 + [1, 2]),
                hours=chance.choice([0] * 6 + [1, 12]),
            )
            line: dict[str, Any] = {
                "event_id": f"{order} {kind}", "event_type": kind, "order_id": str(order), "restaurant_id": restaurant,
                "occurred_at": began.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            }  # fmt: skip
            if kind == "order_completed":
                line |= {"total": {"amount": chance.randrange(9) * 105, "currency": currency}, "pieces": order % 3 + 1}
            if kind == "order_rejected":
                line["reason"] = chance.choice([" closed ", "closed", "no driver"])
            lines.append(line)
    return lines


def arrive(lake: FolderLake, lines: Lines, number: int) -> None:
    """Write a batch as the ingesting function does: an object for each type and day, with its marker."""
    batch: dict[tuple[str, str], Lines] = defaultdict(list)
    for line in lines:
        batch[line["event_type"], line["occurred_at"][:10]].append(line)
    for (kind, day), members in batch.items():
        name = zones.raw_object(kind, day, f"batch-{number}")
        lake.put(name, gzip.compress("".join(json.dumps(each) + "\n" for each in members).encode()))
        lake.put(zones.marker(name), b"")


@pytest.mark.parametrize("seed", range(2))
def test_figures_by_days_are_those_of_all_events_whatever_comes_late_again_or_is_interrupted(
    tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    lake, lines = FolderLake(tmp_path / "lake"), history(chance, 50)
    # Roughly in the order of happening; some come days late, and some twice.
    late = sorted(lines, key=lambda line: int(line["occurred_at"][8:10]) + chance.choice([0, 0, 0, 2, 5]))
    sizes = sorted(chance.sample(range(1, len(late)), 2))
    for number, (first, last) in enumerate(itertools.pairwise([0, *sizes, len(late)])):
        again = chance.sample(late[:first], first // 5)
        arrive(lake, late[first:last] + again, number)
        check(build_report(lake), lake.folder)
        try:
            compact(MortalLake(lake.folder, at=chance.randint(1, 30), done=chance.random() < 1 / 2))
        except Killed:
            check(build_report(lake), lake.folder)
    compact(lake)
    assert lake.names(zones.NEW) == []
    zone = chance.choice(["Europe/Rome", "Asia/Kathmandu", "America/St_Johns"])
    check(build_report(lake, timezone=zone), lake.folder, zone)
    check(by_athena(lake), lake.folder)
    arrive(lake, lines, 9)  # a replay of everything
    check(build_report(lake), lake.folder)
    assert compact(lake).events_added == 0
    check(build_report(lake), lake.folder)


def by_athena(lake: FolderLake) -> Report:
    """Make the report by the statements for Athena, unchanged, over the partitions of a lake in a folder."""
    with duckdb.connect() as duck:
        duck.execute(f"CREATE VIEW aggregates AS FROM read_parquet('{lake.folder}/aggregates/*/*.parquet')")
        statements = {name: athena.statement(name) for name in figures.FIGURES}
        return figures.report_of(duck, "UTC", statements)


def test_a_report_of_finished_days_reads_what_is_kept_of_them_and_no_event(tmp_path: Path) -> None:
    generate(tmp_path, orders=400, days=4, seed=5)
    lake = FolderLake(tmp_path)
    compact(lake)
    before = build_report(lake)
    check(before, tmp_path)
    for zone in (zones.CURATED, zones.RAW):
        for name in lake.names(zone):
            lake.put(name, b"not to be read")
    assert build_report(lake) == before


def test_a_lake_from_before_there_were_aggregates_is_reported_on_and_brought_up_as_far_as_the_time_goes(
    tmp_path: Path,
) -> None:
    generate(tmp_path, orders=400, days=4, seed=6)
    lake = FolderLake(tmp_path)
    compact(lake)
    days = len(lake.names(zones.CURATED))
    before = build_report(lake)
    kept = {
        name: (tmp_path / name).read_bytes() for zone in (zones.AGGREGATES, zones.ORDERS) for name in lake.names(zone)
    }
    for left in (kept, lake.names(zones.ORDERS)):
        lake.delete(left)
        assert build_report(lake) == before
        time = iter([True, False, *[False] * days])
        assert compact(lake, go_on=lambda time=time: next(time)) == Compacted(aggregated=1, left=days - 1)
        assert build_report(lake) == before
        assert compact(lake) == Compacted(aggregated=days - 1)
        assert build_report(lake) == before
    assert sorted(kept) == sorted(lake.names(zones.AGGREGATES) + lake.names(zones.ORDERS))


def test_a_lake_from_before_is_brought_up_also_where_a_day_meets_an_order_that_another_has_closed(
    lake: FolderLake, event: Event, deliver: Deliver
) -> None:
    deliver(
        lake,
        event("order_placed", "a"),
        event("order_rejected", "a"),
        event("order_failed", "a", "2026-11-25T12:00:00Z"),
    )
    compact(lake)
    lake.delete([name for zone in (zones.AGGREGATES, zones.ORDERS) for name in lake.names(zone)])
    assert compact(lake) == Compacted(aggregated=2)
    assert build_report(lake).orders_by_status == {"FAILED": 1}


@pytest.mark.parametrize("first", [0, 1], ids=["the day before is compacted first", "the day after is"])
def test_an_order_that_was_closed_is_opened_before_another_day_has_it_also_if_both_are_compacted_at_once(
    lake: FolderLake, event: Event, deliver: Deliver, first: int
) -> None:
    """Two runs at once, each in the middle of its day: at least one sees the other's announcement."""
    events = [
        event("order_placed", "a"),
        event("order_rejected", "a"),
        event("order_failed", "a", "2026-11-25T12:00:00Z"),
    ]
    days = [events[:2], events[2:]]

    class Meanwhile(FolderLake):
        """Compacts the other day just before this run stores its own."""

        def replace(self, name: str, file: Path, *, expected: str | None) -> None:
            if name.startswith((zones.ORDERS, zones.AGGREGATES)) and not self.__dict__.setdefault("met", set()) & {
                name
            }:
                self.__dict__["met"].add(name)
                deliver(lake, *days[1 - first])
                compact(lake)
            super().replace(name, file, expected=expected)

    deliver(lake, *days[first])
    compact(Meanwhile(lake.folder))
    assert build_report(lake).orders_by_status == {"FAILED": 1}
    compact(lake)
    assert build_report(lake).orders_by_status == {"FAILED": 1}
    assert lake.names(zones.NEW) == []


def test_an_order_that_is_opened_while_a_report_is_made_counts_once(
    lake: FolderLake, event: Event, deliver: Deliver, tmp_path: Path
) -> None:
    """The report reads the first day before the change, the second one after it."""
    deliver(lake, event("order_placed", "a"), event("order_rejected", "a"))
    deliver(lake, event("order_placed", "b", "2026-11-25T12:00:00Z"))
    compact(lake)

    class Meanwhile(FolderLake):
        def fetch(self, names: Iterable[str], folder: Path) -> list[Path]:
            """Return copies, as S3 does. A compaction runs before the first copies of aggregates."""
            copied = []
            for file in super().fetch(list(names), folder):
                copied.append(folder / file.relative_to(self.folder))
                copied[-1].parent.mkdir(parents=True, exist_ok=True)
                copied[-1].write_bytes(file.read_bytes())
                if zones.AGGREGATES in str(file) and not (tmp_path / "compacted").exists():
                    (tmp_path / "compacted").touch()
                    deliver(lake, event("order_failed", "a", "2026-11-25T13:00:00Z"))
                    compact(lake)
            return copied

    assert build_report(Meanwhile(lake.folder)).orders_by_status == {"FAILED": 1, "PLACED": 1}


@pytest.mark.parametrize("arrived", [3, 4])
def test_more_than_can_be_copied_of_what_is_not_compacted_is_left_out_and_said(
    lake: FolderLake, event: Event, deliver: Deliver, arrived: int
) -> None:
    """All of it is left out or none, so that no order is counted by half."""
    deliver(lake, event("order_placed", "a"), event("order_rejected", "a"))
    compact(lake)
    for number in range(arrived):
        deliver(lake, event("order_placed", f"new {number}"))

    class Counting(FolderLake):
        def fetch(self, names: Iterable[str], folder: Path) -> list[Path]:
            listed = list(names)
            asked.extend(listed)
            return super().fetch(listed, folder)

    asked: list[str] = []
    made = build_report(Counting(lake.folder), most_new=3)
    copied = [name for name in asked if name.startswith(zones.RAW)]
    if arrived > 3:
        assert (made.orders_by_status, copied) == ({"REJECTED": 1}, [])
        assert "not compacted yet, more than 3 objects" in made.unreadable[0]
    else:
        assert (made.orders_by_status, len(copied)) == ({"PLACED": 3, "REJECTED": 1}, 3)
        assert made.unreadable == []
    assert build_report(lake).orders == 1 + arrived


def test_days_that_may_have_orders_of_another_lie_within_a_month_of_it_and_are_other_days() -> None:
    names = [zones.orders_object(day) for day in ("2026-10-30", "2026-10-31", "2026-12-01", "2027-01-01", "2027-01-02")]
    assert near(names, {"2026-12-01"}) == [names[1], names[3]]
    assert near(names, {"2026-12-01", "2027-01-01"}) == [names[1], names[4]]
