"""Find the quota that breaks first: compare the counted demand of one order a second with each quota."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from takeaway.check.templates.resolved import Deployed
from takeaway.check.templates.stack import EVENT_SOURCE, FUNCTION
from takeaway.study.costs.assumptions import Assumptions
from takeaway.study.costs.counting.tally import DELIVERY, Counted
from takeaway.study.costs.month import average_order
from takeaway.study.costs.quotas import Quota, Quotas

HOUR, DAY = 3_600, 86_400  # seconds
MONTH = 30  # days
MEBIBYTE = 2**20  # what AWS calls a megabyte of a function
RATES = (100, 1_000, 10_000)  # the default rates, in orders a second
STAGE = "AWS::ApiGateway::Stage"
Amounts = Mapping[str, Decimal]


@dataclass(frozen=True)
class Load:
    """A quota's limit, and the demand of one order a second."""

    quota: Quota
    limit: Decimal
    demand: Decimal

    @property
    def breaks_at(self) -> Decimal:
        """The sustained orders a second at which the documented quota is used up."""
        return self.limit / self.demand

    @property
    def new_limit(self) -> Decimal | None:
        """A new account's limit; None if it is less and AWS publishes no number."""
        return self.quota.new_account.value if self.quota.new_account else self.limit

    @property
    def new_breaks_at(self) -> Decimal | None:
        return None if self.new_limit is None else self.new_limit / self.demand

    def used(self, orders_per_second: int) -> Decimal:
        """Return the used part of the quota; above 1, requests are refused or wait."""
        return orders_per_second / self.breaks_at


def loads(found: Counted, deployed: Deployed, assumed: Assumptions, allowed: Quotas) -> Sequence[Load]:
    """Return the loads, those that break first first; quotas that the system does not use are left out."""
    demand, ours = demands(found, assumed), settings(deployed)
    read = [
        Load(quota, limit, demand[quota.measure])
        for quota in allowed.quotas.values()
        if demand.get(quota.measure) and (limit := quota.value or ours.get(str(quota.setting)))
    ]
    return sorted(read, key=lambda load: load.breaks_at)


def reduced(read: Sequence[Load]) -> Sequence[Load]:
    """Return the loads that are smaller in new accounts, in the order in which they break; unknown ones last."""
    return sorted((load for load in read if load.quota.new_account), key=_new_breaks_at)


def _new_breaks_at(load: Load) -> Decimal:
    return Decimal("Infinity") if load.new_breaks_at is None else load.new_breaks_at


def told_of(limit: Decimal | None) -> str:
    """Write a new account's limit; "fewer" if no number is published."""
    return "fewer" if limit is None else f"{limit:,}"


def breaking(read: Sequence[Load], rates: Sequence[int]) -> Iterator[tuple[int, int, Sequence[Load]]]:
    """Yield for each rate the previous one, the rate, and the quotas that break between the two."""
    for before, rate in zip((0, *rates), rates, strict=False):
        yield before, rate, [load for load in read if before <= load.breaks_at < rate]


def demands(found: Counted, assumed: Assumptions) -> Amounts:
    """Return the demand of one order a second, by measure: calls, table writes, and the ones named below."""
    order = average_order(found, assumed)
    all_, seconds = order.total, assumed["function_milliseconds"] / 1000
    # Assumes that a batch runs as long as its messages one by one, which overestimates all but large batches.
    running = {name: runs * seconds for name, runs in order.functions.items()}
    emails = order.calls.get("SES:SendEmail", Decimal(0))
    minutes, none = assumed["minutes_per_order"], Decimal(0)
    kept = assumed["months_kept"] * MONTH * DAY  # orders in a report, at one order a second
    batched = sum((order.messages.get(each.queue, Decimal(0)) / each.largest for each in found.batches), Decimal(0))
    return {
        **order.calls,
        **{f"running:{name}": count for name, count in running.items()},
        **{f"writes:{name}": units for name, units in order.writes.items()},
        "writes:busiest restaurant": order.writes["orders/orders_of_restaurant"] * assumed["busiest_restaurant"],
        "running_functions": sum(running.values(), batched * seconds),
        "api_requests": all_.api_requests,
        "state_transitions": all_.state_transitions,
        "table_reads": order.units["orders"].table_reads,
        "emails": emails,
        "emails_per_day": emails * DAY,
        "deliveries": order.calls.get(DELIVERY, Decimal(0)),
        "open_executions": order.calls.get("SFN:StartExecution", none) * minutes * 60,
        "open_durable_executions": order.calls.get("Lambda:Invoke", none) * minutes * 60,
        "compaction_seconds": all_.events_published * HOUR / assumed["compacted_events_per_second"],
        "compaction_disk": all_.events_published * DAY * assumed["compaction_disk_per_event"] / MEBIBYTE,
        "report_seconds": kept / assumed["reported_orders_per_second"],
        "report_memory": kept * assumed["report_memory_per_order"] / MEBIBYTE,
        "report_disk": kept * assumed["report_disk_per_order"] / MEBIBYTE,
    }


def settings(deployed: Deployed) -> Amounts:
    """Read our own limits from the templates."""
    # The report's function has the same settings.
    of_the_lake = [each for each in deployed.of(FUNCTION) if each.name.endswith("analytics-compact-lake")]
    read = {
        "api_rate": [
            each["ThrottlingRateLimit"] for of in deployed.of(STAGE) for each in of.properties["MethodSettings"]
        ],
        "voucher_consumers": [
            mapping.properties["ScalingConfig"]["MaximumConcurrency"]
            for mapping in deployed.of(EVENT_SOURCE)
            if mapping.context == "promotions" and "ScalingConfig" in mapping.properties
        ],
        "compaction_timeout": [each.properties["Timeout"] for each in of_the_lake],
        "lake_memory": [each.properties["MemorySize"] for each in of_the_lake],
        "lake_disk": [each.properties["EphemeralStorage"]["Size"] for each in of_the_lake],
    }
    return {name: Decimal(values[0]) for name, values in read.items() if values}
