"""Make a bill for a volume of orders: from templates and an order to amounts. Counting runs in another process."""

import signal
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from multiprocessing import get_context
from typing import Any

from takeaway.check.templates.assembly import by_full_name, synthesized
from takeaway.check.templates.resolved import Deployed
from takeaway.errors import TakeawayError
from takeaway.facts import facts_of
from takeaway.paths import EXAMPLES
from takeaway.study.costs.assumptions import Assumptions
from takeaway.study.costs.counting.tally import Counted
from takeaway.study.costs.month import month
from takeaway.study.costs.prices import Item, Prices, priced, total
from takeaway.study.costs.units import WORKFLOW, Units
from takeaway.wiring import Wiring

LUNCH = EXAMPLES / "01-lunch-for-two.json"  # the default order
VOLUMES = (1_000, 1_000_000, 100_000_000)  # the default volumes, in orders a month


@dataclass(frozen=True)
class Bill:
    """The bill of a month; `contexts` has what each context pays."""

    orders: int
    items: Sequence[Item]
    contexts: Mapping[str, Decimal]

    @property
    def total(self) -> Decimal:
        return total(self.items)

    @property
    def workflow(self) -> Decimal:
        """The cost of the workflow itself: its transitions, or its durable operations and their history."""
        return sum((item.amount for item in self.items if item.unit in WORKFLOW), Decimal(0))

    @property
    def services(self) -> dict[str, Decimal]:
        """The cost of each AWS service, dearest first."""
        found = {item.service: total(self.items, item.service) for item in self.items}
        return dict(sorted(found.items(), key=lambda each: -each[1]))


def in_production(wiring: Wiring = Wiring.HYBRID) -> Deployed:
    return Deployed(by_full_name(synthesized("prod", str(wiring))))


def counted(deployed: Deployed, order: Mapping[str, Any], assumed: Assumptions) -> Counted:
    """Count the units of an order each way. Raises TakeawayError with the counting's error."""
    from takeaway.study.costs.counting.count import Asked, told  # noqa: PLC0415 - moto loads slowly

    asked = Asked(facts_of("orders").ways, deployed, order, int(assumed["task_token_characters"]))
    ends_at_once = (signal.SIGINT, signal.SIG_DFL)
    with ProcessPoolExecutor(1, get_context("spawn"), signal.signal, ends_at_once) as beside:
        found = beside.submit(told, asked).result()
    if isinstance(found, str):
        raise TakeawayError(f"The orders could not be counted: {found}")
    return found


def bill(found: Counted, deployed: Deployed, orders: int, assumed: Assumptions, at: Prices) -> Bill:
    by_context = month(found, deployed, orders, assumed)
    whole = priced(sum(by_context.values(), Units()), at)
    # Price tiers apply to the whole account, so each context pays the average price of a unit.
    amounts = {item.unit: item.amount / item.quantity for item in whole}
    contexts = {
        context: sum((count * amounts[unit] for unit, count in units.counted().items()), Decimal(0))
        for context, units in by_context.items()
    }
    return Bill(orders, whole, dict(sorted(contexts.items(), key=lambda each: -each[1])))
