"""The report: figures from the lake, computed by DuckDB; as data, as JSON, and as one page that opens offline."""

from contexts.analytics.report.build import UnknownTimezone, build_report
from contexts.analytics.report.model import Figures, Report, RestaurantFigures, Revenue, TimeToAccept
from contexts.analytics.report.page import ChartsMissing, render_page

__all__ = [
    "ChartsMissing",
    "Figures",
    "Report",
    "RestaurantFigures",
    "Revenue",
    "TimeToAccept",
    "UnknownTimezone",
    "build_report",
    "render_page",
]
