"""Writes the report over everything, as JSON and as a page, into the lake."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from contexts.analytics import bootstrap, observability, zones
from contexts.analytics.report import build_report, render_page

logger = Logger(service="analytics")


@logger.inject_lambda_context
def handler(_event: dict[str, Any], _context: LambdaContext) -> dict[str, int]:
    lake = bootstrap.lake()
    report = build_report(lake)
    lake.put(f"{zones.REPORTS}report.json", report.model_dump_json().encode())
    lake.put(f"{zones.REPORTS}report.html", render_page(report).encode())
    for reason in report.unreadable:
        logger.error("Not in the report", reason=reason)
    observability.count_unreadable(len(report.unreadable))
    logger.info("Report written", events=report.events, orders=report.orders)
    return {"events": report.events, "orders": report.orders}
