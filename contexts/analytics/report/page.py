"""The report as one page that needs nothing else: no network, no other file."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from contexts.analytics.report import headlines, words
from contexts.analytics.report.charts import NAMES, RANKED, chart_data
from contexts.analytics.report.model import Report

PAGE = Path(__file__).parent / "page"
LIBRARY = "echarts.min.js"
LISTED = 100  # restaurants in the table


class ChartsMissing(Exception):
    """The charts' library is not where npm puts it."""


def render_page(report: Report) -> str:
    """Return the report as HTML. Raises ChartsMissing."""
    if not (PAGE / LIBRARY).exists():
        raise ChartsMissing(f"{PAGE / LIBRARY} is not there: `npm ci` (or `make setup`) puts it there")
    # The templates escape all text from events; only files of this folder are inserted as they are.
    environment = Environment(
        loader=FileSystemLoader(PAGE), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.globals.update(
        {"trusted": _file, "headlines": headlines, "names": NAMES, **{name: getattr(words, name) for name in FORMATS}}
    )
    ranked = sorted(report.restaurants, key=lambda each: -each.orders)
    return environment.get_template("page.html").render(
        report=report, restaurants=ranked[:LISTED], ranked=RANKED, charts=chart_data(report), period=_period(report)
    )


FORMATS = ("money", "big_money", "duration", "share")


def _file(name: str) -> Any:
    return Markup((PAGE / name).read_text(encoding="utf-8"))  # noqa: S704 - our own file


def _period(report: Report) -> str:
    if report.first_event_at is None or report.last_event_at is None:
        return "no events yet"
    first, last = (f"{at.day} {at:%B %Y}" for at in (report.first_event_at, report.last_event_at))
    return first if first == last else f"{first} to {last}"
