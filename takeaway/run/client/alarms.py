"""Read the CloudWatch alarms that ring, grouped by the context that owns them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from takeaway.run.client.target import Target

RUNBOOK = ". Runbook: "  # how an alarm's description ends, followed by the runbook's path


@dataclass(frozen=True)
class Alarm:
    """`tells` is the alarm's description; `runbook` the page that says what to do, empty if the alarm names none."""

    name: str
    tells: str
    runbook: str
    since: datetime


def alarms_by_context(target: Target, contexts: Iterable[str]) -> Mapping[str, list[Alarm]]:
    """List the alarms in state ALARM of the target's stage, by context; a context without one has an empty list.

    An alarm's name, `takeaway-<stage>-<context>-<name>`, says whose it is. Source: CloudWatch `DescribeAlarms`.
    """
    found: dict[str, list[Alarm]] = {context: [] for context in contexts}
    pages = target.client("cloudwatch").get_paginator("describe_alarms")
    for page in pages.paginate(AlarmNamePrefix=f"{target.prefix}-", StateValue="ALARM"):
        for alarm in page["MetricAlarms"]:
            name = alarm["AlarmName"].removeprefix(f"{target.prefix}-")
            # Checked again, because some engines ignore the parameter StateValue.
            if alarm["StateValue"] == "ALARM" and (context := context_of(name, found)):
                tells, _, runbook = alarm.get("AlarmDescription", "").partition(RUNBOOK)
                short = name.removeprefix(f"{context}-")
                found[context].append(Alarm(short, tells, runbook, alarm["StateUpdatedTimestamp"]))
    return found


def context_of(name: str, contexts: Iterable[str]) -> str | None:
    """Find the context that owns a name `<context>-…`; None if it is none of these.

    The longest match counts, so that "loyalty-cards-…" is not taken for a part of a context "loyalty".
    """
    return max((each for each in contexts if name.startswith(f"{each}-")), key=len, default=None)
