"""Write the results of `takeaway cost` and `takeaway capacity` as Markdown tables."""

import json
from decimal import Context, Decimal
from functools import cache

from takeaway.check.templates.resolved import Deployed
from takeaway.markdown import table
from takeaway.study.costs.assumptions import assumptions
from takeaway.study.costs.bill import LUNCH, VOLUMES, bill, counted, in_production
from takeaway.study.costs.capacity import RATES, Load, breaking, loads, reduced, told_of
from takeaway.study.costs.counting.tally import Counted
from takeaway.study.costs.prices import prices
from takeaway.study.costs.quotas import Quota, quotas

DIGITS = 2  # significant digits; the assumptions are not more exact


def costs() -> str:
    """Write the table of costs: a column for each volume, rows for services and for contexts."""
    found, deployed = _counted()
    at = prices()
    bills = [bill(found, deployed, volume, assumptions(), at) for volume in VOLUMES]
    rows = {service: [each.services.get(service, Decimal(0)) for each in bills] for service in bills[-1].services}
    rows["**all**"] = [each.total for each in bills]
    rows["an order"] = [each.total / each.orders for each in bills]
    for payer in bills[-1].contexts:
        rows[f"paid by {payer}"] = [each.contexts.get(payer, Decimal(0)) for each in bills]
    headings = [f"{at.currency} a month", *(f"{volume:,} orders" for volume in VOLUMES)]
    told = ([name, *map(rounded, amounts)] for name, amounts in rows.items())
    share = bills[-1].services["Step Functions"] / bills[-1].total
    return (
        f"{table(headings, told, right=range(1, len(headings)))}\n\n"
        f"Prices of {at.region}, {at.date}, without free tiers, taxes and data transfer, to two digits. "
        f"Step Functions, the price of orchestration, is {share:.0%} of it where there are many orders."
    )


def capacities() -> str:
    """Write the tables of quotas: those smaller in new accounts, then for each rate those that break before it."""
    read = loads(*_counted(), assumptions(), quotas())
    less = table(["breaks at", "quota", "allowed", "later", ""], map(_reduced, reduced(read)), right=(0, 2, 3))
    parts = ["**In a new account**", "", less, "", "With the quotas that AWS documents:", ""]
    for _, rate, broken in breaking(read, RATES):
        told = table(["breaks at", "quota", "allowed", "then", "do"], map(_row, broken), right=(0, 2))
        parts += [f"**Before {rate:,} orders a second**", "", told, ""]
    later = [f"{load.quota.name} ({rounded(load.breaks_at)})" for load in read if load.breaks_at >= RATES[-1]]
    return "\n".join([*parts, f"Later: {', '.join(later)}."])


def rounded(amount: Decimal) -> str:
    """Round to two significant digits."""
    if not amount:
        return "0"
    return f"{Context(prec=DIGITS).plus(amount):,f}"


def _row(load: Load) -> tuple[str, ...]:
    quota, breaks_at = load.quota, f"{rounded(load.breaks_at)}/s"
    return breaks_at, _named(quota), f"{load.limit:,}", quota.then, f"{quota.do}. Raised by {quota.raised}"


def _reduced(load: Load) -> tuple[str, ...]:
    new, breaks_at = load.quota.new_account, load.new_breaks_at
    if not new:
        return ()
    sources = f"[AWS, {new.date}]({new.source})"
    if new.number_from:
        sources += f", [the number]({new.number_from})"
    first = "?" if breaks_at is None else f"{rounded(breaks_at)}/s"
    return first, load.quota.name, told_of(load.new_limit), f"{load.limit:,}", f"{new.says}: {sources}"


def _named(quota: Quota) -> str:
    return f"[{quota.name}]({quota.source})"


@cache
def _counted() -> tuple[Counted, Deployed]:
    deployed = in_production()
    order = json.loads(LUNCH.read_text(encoding="utf-8"))["order"]
    return counted(deployed, order, assumptions()), deployed
