"""Collect the traces that all orders have left, and compare them with what their stories promise."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime

from takeaway.errors import TakeawayError
from takeaway.run.client.system import System
from takeaway.run.demo.examples import Example

AT_ONCE = 4


@dataclass(frozen=True)
class Evidence:
    """The traces of one order in every place: status, workflow, bus, mailbox, vouchers and lake."""

    status: str = ""
    workflow: str = ""
    events: Sequence[str] = ()  # on the bus, in order of time
    messages: int = 0  # to the restaurant
    mails: int = 0  # to the customer, about the order and about a voucher
    vouchers: int = 0
    loyalty: bool = False  # it has a loyalty voucher
    lake: frozenset[str] = frozenset()  # event types


def missing(example: Example, evidence: Evidence) -> list[str]:
    """Return a sentence for each part of the story that did not happen."""
    return [f"{example.name}: {what}" for what in _missing(example, evidence)]


def missing_loyalty(examples: Iterable[Example], rewarded: Mapping[str, int]) -> list[str]:
    """Return a sentence for each customer with a wrong number of loyalty vouchers; `rewarded` counts them."""
    owed = Counter(example.customer_id for example in examples if example.loyalty)
    return [
        f"{customer_id}: promotions issued {rewarded.get(customer_id, 0)} loyalty vouchers, not {owed[customer_id]}"
        for customer_id in sorted(owed.keys() | rewarded.keys())
        if rewarded.get(customer_id, 0) != owed[customer_id]
    ]


def _missing(example: Example, found: Evidence) -> Iterator[str]:
    way, events = example.way, example.way.events
    if found.status != way.status:
        yield f"its status is {found.status or 'unknown'}, not {way.status}"
    if found.workflow != way.ends:
        yield f"its workflow is {found.workflow or 'not there'}, not {way.ends}"
    if tuple(found.events) != events:
        yield f"its events are {', '.join(found.events) or 'none'}, not {', '.join(events)}"
    if found.messages != 1:
        yield f"its restaurant got {found.messages} messages, not 1"
    if found.vouchers != int(example.voucher):
        yield f"promotions issued {found.vouchers} vouchers for it, not {int(example.voucher)}"
    mails = events.count("user_notified") + int(example.voucher)
    if found.mails != mails:
        yield f"its customer got {found.mails} e-mails, not {mails}"
    if absent := sorted(set(events) - found.lake):
        yield f"the lake lacks its {', '.join(absent)}"


def collect(system: System, placed: Mapping[str, Example], since: datetime) -> dict[str, Evidence]:
    """Collect the evidence of the placed orders, by order id."""
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
