"""Let notify-user fail for good, and find where an operator sees it, and how the orders end."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from takeaway.check.templates.stack import ALARM, Properties
from takeaway.run.client.functions import lines
from takeaway.study.compare.contender import CONFIRMED, Contender, orders_in
from takeaway.study.compare.findings import Told, counted, named, number
from takeaway.study.compare.living import live_at_once
from takeaway.study.compare.outages import MAIL, components, out

ORDERS = 2
FUNCTION, METRIC = "orders-notify-user", "UserNotNotified"
FAILED_EXECUTION = "as a failed execution"


def fail(contender: Contender, _: int) -> Told:
    taken_out = components(contender)
    own = [each for each in taken_out if (each.kind, each.name) == ("function", FUNCTION)]
    [component] = own or [each for each in taken_out if each.kind == MAIL]  # a step may have no function of its own
    began = datetime.now(UTC)
    with out(contender, component):
        ids = live_at_once(contender, ORDERS)
    items = [contender.system.kept(order_id) for order_id in ids]
    seen_in = dict(_signals(contender, ids, began))
    return Told(
        {
            f"orders of {len(ids)} that went on to be completed": number(
                sum(item.status == "COMPLETED" for item in items)
            ),
            "status in the end": counted(Counter(item.status for item in items)),
            "customers who were told": number(sum(CONFIRMED in item.changes for item in items)),
            "can be seen in": counted(seen_in, "nowhere"),
            "alarms that this rings": named(alarms(contender, seen_in)),
        }
    )


def _signals(contender: Contender, ids: Sequence[str], began: datetime) -> Iterator[tuple[str, int]]:
    """Yield each place where an operator could look, and how many of these orders show there."""
    if contender.system.has_workflow:
        steps = [[step.name for step in contender.system.workflow.steps(order_id)] for order_id in ids]
        yield "in a history (Skip notification)", sum("Skip notification" in each for each in steps)
        yield FAILED_EXECUTION, sum(contender.system.workflow.status(each) == "FAILED" for each in ids)
    skips = "process-order" if contender.in_code else "skip-notification"
    function = f"{contender.target.prefix}-orders-{skips}"
    yield (
        f"in the metric {METRIC}",
        sum(METRIC in line["message"] for line in lines(contender.target, function, METRIC, since=began)),
    )
    for reader in contender.readers("orders"):
        lost = orders_in(reader.dead_letters)
        yield f"as a dead letter ({contender.short(reader.dead_letters.name)})", sum(id_ in lost for id_ in ids)


def alarms(contender: Contender, seen_in: Mapping[str, int]) -> list[str]:
    """Name the template's alarms that watch a place where orders are seen. Only AWS has the metrics to set them off."""
    there = [place for place, count in seen_in.items() if count]
    return [
        contender.short(alarm["AlarmName"])
        for alarm in contender.stacks["orders"].of(ALARM).values()
        if any(_watched(contender, alarm) in place for place in there)
    ]


def _watched(contender: Contender, alarm: Properties) -> str:
    """Return what an alarm watches: its metric, or a queue if the metric is that queue's depth."""
    match alarm:
        case {"MetricName": "ApproximateNumberOfMessagesVisible", "Dimensions": [{"Value": {"Fn::GetAtt": [id_, _]}}]}:
            return f"({contender.short(contender.stacks['orders'].called(id_))})"
        case {"MetricName": "ExecutionsFailed" | "DurableExecutionFailed"}:
            return FAILED_EXECUTION
    return str(alarm.get("MetricName", "no single metric"))
