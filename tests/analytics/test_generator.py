"""The report on a generated lake finds the figures that the generator counted independently."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from contexts.analytics import zones
from contexts.analytics.compaction import compact
from contexts.analytics.folder_lake import FolderLake
from contexts.analytics.generator import LakeNotEmpty, generate
from contexts.analytics.report import Report, build_report
from contexts.analytics.report.model import Figures

ORDERS, DAYS, SEED = 4000, 10, 20261124
TENTH = 0.1  # second: the precision of a report


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("generated")
    generate(folder, orders=ORDERS, days=DAYS, seed=SEED)
    return folder


@pytest.fixture(scope="module")
def truth(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "truth.json").read_text())
    return found


@pytest.fixture(scope="module", params=["raw", "half", "curated"])
def report(request: pytest.FixtureRequest, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Make the report over the raw zone alone, over a lake that is half compacted, and over the curated zone."""
    lake = FolderLake(folder)
    if request.param != "raw":
        days = iter([True] * (DAYS // 2) + [False] * DAYS)
        compact(lake, go_on=(lambda: next(days)) if request.param == "half" else lambda: True)
    left = {zones.date_of(name) for name in lake.names(zones.NEW)}
    assert len(left) == {"raw": DAYS, "half": DAYS - DAYS // 2, "curated": 0}[request.param]
    return build_report(lake)


def test_the_report_counts_each_event_and_each_order_once(report: Report, truth: dict[str, Any]) -> None:
    assert (report.events, report.orders) == (truth["events"], ORDERS)
    assert report.orders_by_status == truth["orders_by_status"]
    assert set(report.orders_by_status) >= {"COMPLETED", "REJECTED", "EXPIRED", "CANCELLED", "TIMED_OUT"}
    assert [step.orders for step in report.funnel] == truth["funnel"]
    assert {each.reason or each.status: each.orders for each in report.exits} == truth["exits"]


def test_the_report_finds_the_days_and_hours(report: Report, truth: dict[str, Any]) -> None:
    assert {f"{each.weekday} {each.hour}": each.orders for each in report.orders_by_hour} == truth["orders_by_hour"]
    assert {f"{each.day} {each.restaurant_id}": each.amount for each in report.revenue_by_day} == truth[
        "revenue_by_day"
    ]
    assert sum(each.orders for each in report.waiting_times) == truth["funnel"][2]


def test_the_figures_of_all_and_of_each_restaurant_are_right(report: Report, truth: dict[str, Any]) -> None:
    check(report, truth)
    assert {each.restaurant_id for each in report.restaurants} == set(truth["restaurants"])
    for each in report.restaurants:
        check(each, truth["restaurants"][each.restaurant_id])


def check(figures: Figures, truth: dict[str, Any]) -> None:
    assert figures.orders_by_status == truth["orders_by_status"]
    assert figures.acceptance_rate == pytest.approx(truth["acceptance_rate"])
    assert figures.time_to_accept_seconds is not None
    times = [figures.time_to_accept_seconds.p50, figures.time_to_accept_seconds.p95]
    assert times == pytest.approx(truth["time_to_accept"], abs=TENTH / 2 + 1e-9)
    assert {each.currency: each.amount for each in figures.revenue} == truth["revenue"]
    assert {each.currency for each in figures.baskets} == set(truth["baskets"])
    for each in figures.baskets:
        found = [each.mean_amount, each.median_amount, each.mean_pieces]
        assert found == pytest.approx(truth["baskets"][each.currency])


def test_generated_lines_are_as_the_ingesting_function_writes_them(folder: Path) -> None:
    lines = duckdb.sql(f"FROM read_json('{folder}/raw/event_type=order_completed/*/*.gz', hive_partitioning = false)")
    assert set(lines.columns) == {
        "event_id", "event_type", "occurred_at", "order_id", "restaurant_id", "total", "pieces",
    }  # fmt: skip
    total, ids = lines.aggregate("count(*), count(DISTINCT event_id)").fetchall()[0]
    assert total > ids  # some events are delivered twice


def digest(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted((folder / "raw").rglob("*.gz"))
    }


def test_the_same_seed_writes_the_same_lake_and_another_seed_another(tmp_path: Path) -> None:
    for name, seed in (("one", 1), ("same", 1), ("other", 2)):
        generate(tmp_path / name, orders=300, days=3, seed=seed)
    assert digest(tmp_path / "one") == digest(tmp_path / "same") != digest(tmp_path / "other")
    truths = [(tmp_path / name / "truth.json").read_text() for name in ("one", "same", "other")]
    assert truths[0] == truths[1] != truths[2]


@pytest.mark.parametrize("left", ["truth.json", "raw/event_type=x/y", "curated/date=2026-01-05/events.parquet"])
def test_a_folder_that_has_a_lake_or_a_part_of_one_is_refused_and_left_as_it_is(tmp_path: Path, left: str) -> None:
    (tmp_path / left).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / left).write_bytes(b"")
    with pytest.raises(LakeNotEmpty, match=str(tmp_path)):
        generate(tmp_path, orders=1, days=1, seed=1)
    assert [str(each.relative_to(tmp_path)) for each in tmp_path.rglob("*") if each.is_file()] == [left]


def test_two_histories_in_one_lake_are_both_there_and_the_same_one_twice_is_there_once(tmp_path: Path) -> None:
    for name, orders in (("one", 40), ("other", 60), ("again", 40)):
        generate(tmp_path / name, orders=orders, days=2, seed=1)
        shutil.copytree(tmp_path / name, tmp_path / "lake", dirs_exist_ok=True)
    assert build_report(FolderLake(tmp_path / "lake")).orders == 100


@pytest.mark.parametrize(("orders", "days"), [(1, 1), (2, 30)])
def test_a_tiny_history_is_one_too(tmp_path: Path, orders: int, days: int) -> None:
    made = generate(tmp_path, orders=orders, days=days, seed=3)
    report = build_report(FolderLake(tmp_path))
    assert (report.orders, report.events) == (orders, made.events)
