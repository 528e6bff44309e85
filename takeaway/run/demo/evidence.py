"""Collects the evidence for all orders at once, from where people would look for it."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

from takeaway.errors import TakeawayError
from takeaway.run.client.system import System
from takeaway.run.demo.examples import Example
from takeaway.run.demo.expectations import Evidence

AT_ONCE = 4


def collect(system: System, placed: Mapping[str, Example], since: datetime) -> dict[str, Evidence]:
    """By order id."""
    entries = sorted(system.journal.since(since), key=lambda entry: entry.at)
    events, messages = defaultdict(list), Counter[str]()
    for entry in entries:
        if entry.kind == "event":
            events[entry.order_id].append(entry.name)
        else:
            messages[entry.order_id] += 1
    vouchers = {voucher.order_id: voucher for voucher in system.vouchers.all()}
    lake = defaultdict(set)
    for line in system.lake.lines(days=_days(since)):
        lake[line.order_id].add(line.event_type)
    texts = [mail.text for mail in system.mails.all()]

    def evidence(order_id: str) -> Evidence:
        words = (order_id, vouchers[order_id].code) if order_id in vouchers else (order_id,)
        return Evidence(
            status=_status(system, order_id, placed[order_id]),
            workflow=system.workflow.status(order_id),
            events=tuple(events[order_id]),
            messages=messages[order_id],
            mails=sum(any(word in text for word in words) for text in texts),
            vouchers=int(order_id in vouchers),
            loyalty=order_id in vouchers and vouchers[order_id].loyalty_order is not None,
            lake=frozenset(lake[order_id]),
        )

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(zip(placed, pool.map(evidence, placed), strict=True))


def _status(system: System, order_id: str, example: Example) -> str:
    try:
        found = system.api.order(order_id, token=system.tokens.customer(example.customer_id))
    except TakeawayError:
        return ""
    return str(found["status"])


def _days(since: datetime) -> set[date]:
    return {since.date(), datetime.now(UTC).date()}
