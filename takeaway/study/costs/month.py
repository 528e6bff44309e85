"""Count the units of a month: those of an average order times the orders, and those of a month without orders."""

import re
from decimal import Decimal

from takeaway.check.templates.resolved import Deployed
from takeaway.check.templates.stack import EVENT_SOURCE, FUNCTION, Properties
from takeaway.study.costs.assumptions import Assumptions
from takeaway.study.costs.counting.tally import Counted, Tally
from takeaway.study.costs.units import GIGABYTE, TABLE, Units

SECONDS, HOURS, DAYS = Decimal(2_628_000), Decimal(730), Decimal("30.42")  # an average month
RECEIVED_AT_ONCE = 10
FREE_DISK_MB = 512
RATES_OF_SES = 2  # bounce and complaint rates, which are billed as custom metrics
DAILY, RATE = re.compile(r"cron\(\d+ \d+ \* \* \? \*\)"), re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
A_MONTH = {"minute": 60 * HOURS, "hour": HOURS, "day": DAYS}


def average_order(counted: Counted, assumed: Assumptions) -> Tally:
    """Return the tally of an average order of the mix, with people's reads; batching consumers are not in it."""
    looks = counted.reads["view"] * assumed["views_per_order"] + counted.reads["list"] * assumed["lists_per_order"]
    return sum((counted.ways[way].tally * share for way, share in assumed.mix.items()), looks)


def month(counted: Counted, deployed: Deployed, orders: int, assumed: Assumptions) -> dict[str, Units]:
    """Return the units of a month, by context."""
    tally = average_order(counted, assumed) * orders
    for batches in counted.batches:
        messages = tally.messages.get(batches.queue, Decimal(0))
        expected = messages / SECONDS * batches.window_seconds
        size = max((each for each in batches.calls if each <= expected), default=1)
        tally += batches.calls[size] * (messages / size)
        received = Units(queue_requests=2 * messages / min(size, RECEIVED_AT_ONCE))
        tally.units[_owner(deployed, batches.queue)] += received
    _run(tally, deployed, assumed)
    _stand(tally, counted, deployed, assumed)
    _poll(tally, deployed, assumed)
    _keep(tally, counted, deployed, assumed)
    _trace(tally, assumed)
    return dict(tally.units)


def _run(tally: Tally, deployed: Deployed, assumed: Assumptions) -> None:
    """Add functions' durations and logs, and deliveries to restaurants."""
    for name, requests in tally.functions.items():
        function = deployed.named(FUNCTION, f"{deployed.prefix}-{name}")
        gigabytes = Decimal(function.properties["MemorySize"]) / 1024
        tally.units[function.context] += Units(
            function_gb_seconds=requests * gigabytes * assumed["function_milliseconds"] / 1000,
            log_gigabytes=requests * assumed["platform_log_bytes"] / GIGABYTE,
        )
    published = tally.units["orders"].topic_publishes
    tally.units["orders"] += Units(topic_deliveries=published * assumed["restaurant_deliveries"])


def _stand(tally: Tally, counted: Counted, deployed: Deployed, assumed: Assumptions) -> None:
    """Add units that are billed without orders: alarms, dashboards, keys, schedules, metrics."""
    for resource in deployed.resources:
        match resource.kind:
            case "AWS::CloudWatch::Alarm":
                metrics = [each for each in resource.properties.get("Metrics", [{}]) if "Expression" not in each]
                tally.units[resource.context] += Units(alarms=Decimal(max(len(metrics), 1)))
            case "AWS::CloudWatch::Dashboard":
                tally.units[resource.context] += Units(dashboards=Decimal(1))
            case "AWS::KMS::Key":
                tally.units[resource.context] += Units(keys=Decimal(1))
            case "AWS::SES::ConfigurationSet" if resource.properties["ReputationOptions"]["ReputationMetricsEnabled"]:
                tally.units[resource.context] += Units(metrics=Decimal(RATES_OF_SES))
            case "AWS::Scheduler::Schedule":
                function = deployed.named(FUNCTION, resource.properties["Target"]["Arn"])
                times = fired(str(resource.properties["ScheduleExpression"]))
                seconds = times * assumed["scheduled_seconds"]
                memory = Decimal(function.properties["MemorySize"]) / 1024
                disk = Decimal(function.properties.get("EphemeralStorage", {}).get("Size", FREE_DISK_MB))
                tally.units[resource.context] += Units(
                    schedules_fired=times,
                    function_requests=times,
                    function_gb_seconds=seconds * memory,
                    function_disk_gb_seconds=seconds * (disk - FREE_DISK_MB) / 1024,
                )
    metrics_of_ours = {metric for walked in counted.ways.values() for metric in walked.tally.metrics}
    tally.units["orders"] += Units(metrics=Decimal(len(metrics_of_ours)))


def _poll(tally: Tally, deployed: Deployed, assumed: Assumptions) -> None:
    """Add Lambda's polling of queues, which is billed even if they are empty."""
    for mapping in deployed.of(EVENT_SOURCE):
        messages = tally.messages.get(deployed.without_stage(mapping.properties["EventSourceArn"]), Decimal(0))
        idle = assumed["pollers"] * SECONDS / assumed["poll_seconds"]
        tally.units[mapping.context] += Units(queue_requests=max(idle - messages, Decimal(0)))


def _keep(tally: Tally, counted: Counted, deployed: Deployed, assumed: Assumptions) -> None:
    """Add storage in tables, lake, logs and archive after some months of such orders."""
    restorable = {
        deployed.without_stage(table.name)
        for table in deployed.of(TABLE)
        if table.properties.get("PointInTimeRecoverySpecification", {}).get("PointInTimeRecoveryEnabled")
    }
    for name, size in tally.stored.items():
        forever = assumed["months_kept"]
        months = min(counted.lifetimes[name] / DAYS, forever) if name in counted.lifetimes else forever
        gigabytes = size * months / GIGABYTE
        if name == "lake":
            tally.units["analytics"] += Units(bucket_gb_months=gigabytes * assumed["lake_copies"])
        else:
            backup = gigabytes if name in restorable else Decimal(0)
            units = Units(table_gb_months=gigabytes, table_backup_gb_months=backup)
            tally.units[_owner(deployed, name)] += units
    retention = {group.context: group.properties["RetentionInDays"] for group in deployed.of("AWS::Logs::LogGroup")}
    for context, units in list(tally.units.items()):
        months = min(Decimal(retention.get(context, 0)) / DAYS, assumed["months_kept"])
        tally.units[context] += Units(log_gb_months=units.log_gigabytes * months)
    for function in deployed.of(FUNCTION):
        months = min(months_of_history(function.properties), assumed["months_kept"])
        if months:
            written = tally.units[function.context].durable_gigabytes
            tally.units[function.context] += Units(durable_gb_months=written * months)
    for archive in deployed.of("AWS::Events::Archive"):
        months = Decimal(archive.properties["RetentionDays"]) / DAYS
        archived = tally.total.archived_gigabytes * min(months, assumed["months_kept"])
        tally.units[archive.context] += Units(archive_gb_months=archived)


def _trace(tally: Tally, assumed: Assumptions) -> None:
    requests = tally.units["orders"].api_requests
    always = min(requests, SECONDS * assumed["traces_per_second"])
    tally.units["orders"] += Units(traces=always + (requests - always) * assumed["traced_share"])


def _owner(deployed: Deployed, name: str) -> str:
    """Return the context whose stack has a table or queue."""
    return next(each.context for each in deployed.resources if each.name == f"{deployed.prefix}-{name}")


def months_of_history(function: Properties) -> Decimal:
    """Return for how many months Lambda keeps the history of a function's executions; 0 if it is not durable."""
    return Decimal(function.get("DurableConfig", {}).get("RetentionPeriodInDays", 0)) / DAYS


def fired(expression: str) -> Decimal:
    """Return how often a schedule fires in a month. Raises NotImplementedError for a form not used so far."""
    if rate := RATE.fullmatch(expression):
        return A_MONTH[rate[2]] / int(rate[1])
    if DAILY.fullmatch(expression):
        return DAYS
    raise NotImplementedError(f"how often is {expression}?")
