"""What each story must have left behind, held against what it has. Pure: evidence in, what is missing out."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from takeaway.run.demo.examples import Example


@dataclass(frozen=True)
class Evidence:
    """What one order has left behind in every place that people can look at."""

    status: str = ""
    workflow: str = ""
    events: Sequence[str] = ()  # on the bus, in the order of happening
    messages: int = 0  # to the restaurant
    mails: int = 0  # to the customer, about the order and about a voucher
    vouchers: int = 0
    loyalty: bool = False  # the voucher is one for coming back
    lake: frozenset[str] = frozenset()  # event types


def missing(example: Example, evidence: Evidence) -> list[str]:
    """Each part of the story that did not happen, as a sentence; nothing when all of it did."""
    return [f"{example.name}: {what}" for what in _missing(example, evidence)]


def missing_loyalty(examples: Iterable[Example], rewarded: Mapping[str, int]) -> list[str]:
    """The same for customers who come back: `rewarded` counts their loyalty vouchers, by customer."""
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
