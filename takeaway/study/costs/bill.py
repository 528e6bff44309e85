"""A bill for each volume of orders, from templates and order to amounts. The counting is done in another process."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from takeaway.check.templates.resolved import Deployed
from takeaway.check.templates.stack import Template
from takeaway.errors import TakeawayError
from takeaway.facts import facts_of
from takeaway.paths import REPOSITORY
from takeaway.study.costs.assumptions import Assumptions
from takeaway.study.costs.counting.tally import Counted
from takeaway.study.costs.month import month
from takeaway.study.costs.prices import Item, Prices, priced, total
from takeaway.study.costs.units import Units
from takeaway.wiring import Wiring

VOLUMES = (1_000, 1_000_000, 100_000_000)  # orders a month that are told of, if no others are asked for


@dataclass(frozen=True)
class Bill:
    """Of a month. `contexts` has what each of them pays."""

    orders: int
    items: Sequence[Item]
    contexts: Mapping[str, Decimal]

    @property
    def total(self) -> Decimal:
        return total(self.items)

    @property
    def services(self) -> dict[str, Decimal]:
        """What each of them costs, dearest first."""
        found = {item.service: total(self.items, item.service) for item in self.items}
        return dict(sorted(found.items(), key=lambda each: -each[1]))


def counted(
    wiring: Wiring, templates: Mapping[str, Template], order: Mapping[str, Any], assumed: Assumptions
) -> Counted:
    """Raises TakeawayError with the last words of the counting."""
    from takeaway.study.costs.counting.count import Asked  # noqa: PLC0415 - moto is big

    asked = Asked(
        wiring=wiring,
        ways=facts_of("orders").ways,
        templates=dict(templates),
        order=dict(order),
        task_token_characters=int(assumed["task_token_characters"]),
    )
    done = subprocess.run(
        [sys.executable, "-m", "takeaway.study.costs.counting"],
        input=asked.model_dump_json(), capture_output=True, text=True, cwd=REPOSITORY, check=False,
    )  # fmt: skip
    if done.returncode:
        raise TakeawayError(f"The orders could not be counted: {done.stderr.strip().splitlines()[-1]}")
    return Counted.model_validate_json(done.stdout)


def bill(found: Counted, templates: Mapping[str, Template], orders: int, assumed: Assumptions, at: Prices) -> Bill:
    by_context = month(found, Deployed(templates), orders, assumed)
    whole = priced(sum(by_context.values(), Units()), at)
    # A tier belongs to the whole account: each context pays its part of what all pay for a unit.
    amounts = {item.unit: item.amount / item.quantity for item in whole}
    contexts = {
        context: sum((count * amounts[unit] for unit, count in units.counted().items()), Decimal(0))
        for context, units in by_context.items()
    }
    return Bill(orders, whole, dict(sorted(contexts.items(), key=lambda each: -each[1])))
