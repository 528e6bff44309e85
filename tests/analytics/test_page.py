"""The page contains everything that it shows, and no text of an event becomes part of its markup."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from contexts.analytics.folder_lake import FolderLake
from contexts.analytics.generator import generate
from contexts.analytics.report import Report, build_report, headlines, page, render_page
from contexts.analytics.report.charts import chart_data
from contexts.analytics.report.model import (
    Exit,
    Figures,
    FunnelStep,
    HourOfWeek,
    RestaurantFigures,
    TimeToAccept,
    WaitingTime,
)
from takeaway.paths import REPOSITORY

CHARTS = ("funnel", "exits", "waiting", "hours", "restaurants")
NASTY = "</script><script>alert(1)</script>"


class Parsed(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1][0] == "script":
            self.scripts.append(data)

    @property
    def ids(self) -> set[str | None]:
        return {attributes.get("id") for _, attributes in self.tags}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder = tmp_path_factory.mktemp("generated")
    generate(folder, orders=800, days=7, seed=5)
    return build_report(FolderLake(folder))


@pytest.fixture(scope="module")
def parsed(report: Report) -> Parsed:
    return Parsed(render_page(report))


def test_the_page_loads_nothing_from_anywhere(report: Report, parsed: Parsed) -> None:
    for tag, attributes in parsed.tags:
        assert tag not in ("link", "iframe", "img", "object", "embed", "base")
        assert not {"src", "href", "srcset", "action"} & set(attributes), tag
    style = "".join(re.findall(r"<style>(.*?)</style>", render_page(report), re.DOTALL))
    assert not re.search(r"@import|url\(", style)
    policies = [
        attributes["content"] for tag, attributes in parsed.tags if tag == "meta" and "http-equiv" in attributes
    ]
    assert [str(policy).split(";")[0] for policy in policies] == ["default-src 'none'"]


def test_the_page_has_a_place_for_each_chart_with_a_headline_and_its_data(report: Report, parsed: Parsed) -> None:
    assert set(CHARTS) <= parsed.ids
    data = json.loads(parsed.scripts[0])
    assert all(data[name] for name in (*CHARTS, "revenue"))
    assert [step["value"] for step in data["funnel"]] == [step.orders for step in report.funnel]
    assert sum(each["value"] for each in data["exits"]) == sum(each.orders for each in report.exits)
    assert sum(data["waiting"]["bars"]) == sum(each.orders for each in report.waiting_times)
    assert sum(row[2] for row in data["hours"]) == report.orders
    panels = [attributes for _, attributes in parsed.tags if "data-panel" in attributes]
    assert len(panels) == len(data["revenue"]) == len(report.revenue) > 1


def test_each_currency_has_a_panel_of_its_own_in_its_own_units(report: Report, parsed: Parsed) -> None:
    panels = {panel["currency"]: panel for panel in json.loads(parsed.scripts[0])["revenue"]}
    assert {currency: panel["digits"] for currency, panel in panels.items()}.items() >= {
        "EUR": 2,
        "JPY": 0,
        "KWD": 3,
    }.items()
    for each in report.revenue:
        panel = panels[each.currency]
        assert sum(panel["values"]) == pytest.approx(each.amount / 10 ** panel["digits"])
        assert panel["days"] == sorted(set(panel["days"]))


def test_a_name_or_a_reason_cannot_become_a_part_of_the_page() -> None:
    figures = Figures(orders=1, orders_by_status={"REJECTED": 1})
    report = Report(
        **figures.model_dump(),
        events=2,
        funnel=[FunnelStep(step="placed", orders=1)],
        exits=[Exit(status="REJECTED", reason=NASTY, orders=1)],
        restaurants=[RestaurantFigures(restaurant_id=NASTY, **figures.model_dump())],
    )
    text = render_page(report)
    assert "<script>alert" not in text
    assert len(Parsed(text).scripts) == len(Parsed(render_page(Report())).scripts)
    assert json.loads(Parsed(text).scripts[0])["restaurants"][0]["name"] == NASTY


def test_an_empty_lake_has_a_page_too() -> None:
    text = render_page(Report())
    assert "No orders yet" in text
    assert set(CHARTS) <= Parsed(text).ids


def test_the_page_reads_well_on_a_phone_and_in_the_dark(parsed: Parsed) -> None:
    style = (page.PAGE / "page.css").read_text()
    assert "prefers-color-scheme: dark" in style
    assert re.search(r"@media \(max-width", style)
    assert {"viewport", "color-scheme"} <= {
        str(attributes.get("name")) for tag, attributes in parsed.tags if tag == "meta"
    }


def test_without_the_library_of_charts_one_is_told_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "PAGE", tmp_path)
    with pytest.raises(page.ChartsMissing, match="make setup"):
        render_page(Report())


def test_the_library_is_the_one_that_is_pinned() -> None:
    lock = json.loads((REPOSITORY / "package-lock.json").read_text())
    version = lock["packages"]["node_modules/echarts"]["version"]
    assert f'version="{version}"' in (page.PAGE / page.LIBRARY).read_text(encoding="utf-8")


def lost(**counts: int) -> Report:
    return Report(orders=20, orders_by_status={"COMPLETED": 20 - sum(counts.values()), **counts})


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({"REJECTED": 2, "EXPIRED": 1}, "most often because the restaurant rejected them"),
        ({"REJECTED": 3}, "all because the restaurant rejected them"),
        ({"REJECTED": 1, "FAILED": 1}, "as often because the restaurant rejected them as because something technical"),
        ({"REJECTED": 1, "EXPIRED": 1, "CANCELLED": 1}, "for no reason more often than for others"),
    ],
)
def test_no_cause_is_called_the_most_frequent_where_there_is_a_tie(counts: dict[str, int], said: str) -> None:
    assert said in headlines.exits(lost(**counts))


def test_no_hour_and_no_restaurant_is_said_to_be_the_first_where_there_is_a_tie() -> None:
    hours = [HourOfWeek(weekday=day, hour=23, orders=2) for day in (1, 7)]
    assert headlines.hours(Report(orders_by_hour=hours[:1])) == "Busiest on Mondays from 23:00 to 0:00"
    assert headlines.hours(Report(orders_by_hour=hours)) == "No hour of the week stands out"
    three = [RestaurantFigures(restaurant_id=id_, orders_by_status={"COMPLETED": 1}) for id_ in ("a", "b", "c")]
    assert headlines.restaurants(Report(restaurants=three[:1])) == "a completes the most orders"
    assert headlines.restaurants(Report(restaurants=three[:2])) == "a and b complete as many orders each"
    assert headlines.restaurants(Report(restaurants=three)) == "No restaurant stands out"
    none = [RestaurantFigures(restaurant_id="a", orders_by_status={"REJECTED": 1})]
    assert headlines.restaurants(Report(restaurants=none)) == "No restaurant has completed an order yet"


@pytest.mark.parametrize(
    ("waits", "step", "bars"),
    [
        ({0: 2, 1: 7, 2: 3, 5: 1}, 1, [2, 7, 3, 0, 0, 1]),
        ({30: 1, 95: 2, 290: 1}, 60, [1, 2, 0, 0, 1]),
        ({0: 1}, 1, [1]),
        (dict.fromkeys(range(0, 1500, 10), 50), 30, [150] * 40 + [1500]),
        ({}, 1, []),
    ],
)
def test_a_bar_of_waiting_is_as_wide_as_the_orders_allow(waits: dict[int, int], step: int, bars: list[int]) -> None:
    made = chart_data(Report(waiting_times=[WaitingTime(from_seconds=at, orders=many) for at, many in waits.items()]))
    assert (made["waiting"]["step"], made["waiting"]["bars"]) == (step, bars)


def test_of_few_orders_nobody_is_one_in_twenty() -> None:
    times = TimeToAccept(p50=1.4, p95=5.2)
    few, many = ([WaitingTime(from_seconds=1, orders=orders)] for orders in (19, 20))
    assert "twenty" not in headlines.waiting_times(Report(time_to_accept_seconds=times, waiting_times=few))
    assert "twenty" in headlines.waiting_times(Report(time_to_accept_seconds=times, waiting_times=many))
    marks = [
        chart_data(Report(time_to_accept_seconds=times, waiting_times=each))["waiting"]["marks"] for each in (few, many)
    ]
    assert [len(each) for each in marks] == [1, 2]
