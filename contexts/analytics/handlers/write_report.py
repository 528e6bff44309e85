"""Writes the report over everything into the lake, as JSON and as a page."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from contexts.analytics import bootstrap, zones
from contexts.analytics.observability import count_unreadable, logger
from contexts.analytics.report import build_report, render_page


def handler(_event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    logger().append_keys(function_request_id=context.aws_request_id)
    lake = bootstrap.lake()
    report = build_report(lake)
    lake.put(f"{zones.REPORTS}report.json", report.model_dump_json().encode())
    lake.put(f"{zones.REPORTS}report.html", render_page(report).encode())
    for reason in report.unreadable:
        logger().error("Not in the report", reason=reason)
    count_unreadable(len(report.unreadable))
    logger().info("Report written", events=report.events, orders=report.orders)
    return {"events": report.events, "orders": report.orders}
