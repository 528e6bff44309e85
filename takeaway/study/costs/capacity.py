"""Which quota breaks first: what one order a second asks of each is counted, and held against what is allowed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Day  # noqa: N812 - a field of the files is called date
from decimal import Decimal
from functools import cache
from pathlib import Path

from pydantic import Field, HttpUrl, model_validator

from takeaway.check.templates.resolved import Deployed
from takeaway.check.templates.stack import EVENT_SOURCE, FUNCTION
from takeaway.study.costs.assumptions import Assumptions
from takeaway.study.costs.counting.tally import DELIVERY, Counted
from takeaway.study.costs.figure_file import Figures, read
from takeaway.study.costs.month import average_order

QUOTAS = Path(__file__).with_name("quotas.toml")
HOUR, DAY = 3_600, 86_400  # seconds
MONTH = 30  # days
MEBIBYTE = 2**20  # what AWS calls a megabyte of a function
RATES = (100, 1_000, 10_000)  # orders a second that are told of, if no others are asked for
STAGE = "AWS::ApiGateway::Stage"
Amounts = Mapping[str, Decimal]


class NewAccount(Figures):
    """What an account has before AWS raised it. `value` is None where AWS publishes that it is less, and no number.

    `number_from` is who has seen the number, where `source`, AWS's page on that day, has none.
    """

    date: Day
    value: Decimal | None = Field(default=None, gt=0)
    says: str
    source: HttpUrl
    number_from: HttpUrl | None = None


class Quota(Figures):
    """`measure` names what is counted against it; the limit is `value`, or what the templates have for `setting`.

    `new_account` is None where new accounts have no less, as far as AWS documents it.
    """

    service: str
    says: str
    measure: str
    value: Decimal | None = Field(default=None, gt=0)
    setting: str | None = None
    raised: str
    then: str
    do: str
    source: HttpUrl
    new_account: NewAccount | None = None

    @property
    def name(self) -> str:
        return f"{self.service}: {self.says}"

    @model_validator(mode="after")
    def _has_one_limit(self) -> "Quota":
        if (self.value is None) == (self.setting is None):
            raise ValueError("expected either a value or a setting")
        new = self.new_account
        if new and (self.value is None or (new.value or 0) >= self.value):
            raise ValueError("expected of a new account less than the value")
        return self


class Quotas(Figures):
    """Those of one region on one day."""

    date: Day
    region: str
    quotas: dict[str, Quota]


@cache
def quotas(file: Path = QUOTAS) -> Quotas:
    """Raises InvalidFile."""
    return read(Quotas, file)


@dataclass(frozen=True)
class Load:
    """What a quota allows, and what of it each order a second takes."""

    quota: Quota
    limit: Decimal
    demand: Decimal

    @property
    def breaks_at(self) -> Decimal:
        """Orders a second, all day or all through the peak, with the quota that AWS documents."""
        return self.limit / self.demand

    @property
    def new_limit(self) -> Decimal | None:
        """What a new account has of it. None: less, and AWS publishes no number."""
        return self.quota.new_account.value if self.quota.new_account else self.limit

    @property
    def new_breaks_at(self) -> Decimal | None:
        return None if self.new_limit is None else self.new_limit / self.demand

    def used(self, orders_per_second: int) -> Decimal:
        """Which part of it is asked for; more than 1 is refused, or waits."""
        return orders_per_second / self.breaks_at


def loads(found: Counted, deployed: Deployed, assumed: Assumptions, allowed: Quotas) -> Sequence[Load]:
    """Those that break first come first; without quotas that a system does not touch."""
    demand, ours = demands(found, assumed), settings(deployed)
    read = [
        Load(quota, limit, demand[quota.measure])
        for quota in allowed.quotas.values()
        if demand.get(quota.measure) and (limit := quota.value or ours.get(str(quota.setting)))
    ]
    return sorted(read, key=lambda load: load.breaks_at)


def reduced(read: Sequence[Load]) -> Sequence[Load]:
    """What new accounts have less of, that first which breaks first; where nobody knows when, it comes last."""
    return sorted((load for load in read if load.quota.new_account), key=_new_breaks_at)


def _new_breaks_at(load: Load) -> Decimal:
    return Decimal("Infinity") if load.new_breaks_at is None else load.new_breaks_at


def told_of(limit: Decimal | None) -> str:
    """What a new account is allowed, as far as anybody says."""
    return "fewer" if limit is None else f"{limit:,}"


def breaking(read: Sequence[Load], rates: Sequence[int]) -> Iterator[tuple[int, int, Sequence[Load]]]:
    """What breaks before each of the rising rates, and not before the one before, which is 0 at first."""
    for before, rate in zip((0, *rates), rates, strict=False):
        yield before, rate, [load for load in read if before <= load.breaks_at < rate]


def demands(found: Counted, assumed: Assumptions) -> Amounts:
    """What an order a second asks for, a second: by the names of calls, of tables written, and those of below."""
    order = average_order(found, assumed)
    all_, seconds = order.total, assumed["function_milliseconds"] / 1000
    # A batch of messages runs as long as its messages would one by one: dearer than it is, but for large batches.
    running = {name: runs * seconds for name, runs in order.functions.items()}
    emails = order.calls.get("SES:SendEmail", Decimal(0))
    started = order.calls.get("SFN:StartExecution", Decimal(0))
    kept = assumed["months_kept"] * MONTH * DAY  # orders that a report is about, of one a second
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
        "open_executions": started * assumed["minutes_per_order"] * 60,
        "compaction_seconds": all_.events_published * HOUR / assumed["compacted_events_per_second"],
        "compaction_disk": all_.events_published * DAY * assumed["compaction_disk_per_event"] / MEBIBYTE,
        "report_seconds": kept / assumed["reported_orders_per_second"],
        "report_memory": kept * assumed["report_memory_per_order"] / MEBIBYTE,
        "report_disk": kept * assumed["report_disk_per_order"] / MEBIBYTE,
    }


def settings(deployed: Deployed) -> Amounts:
    """Limits that are ours, as far as the templates have them."""
    # The report's function has as much of each.
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
