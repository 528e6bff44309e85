"""Alarms that ring, by the context whose they are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from takeaway.run.client.target import Target

RUNBOOK = ". Runbook: "  # as alarms end what they tell


@dataclass(frozen=True)
class Alarm:
    name: str
    tells: str
    runbook: str
    since: datetime


def alarms_by_context(target: Target, contexts: Iterable[str]) -> Mapping[str, list[Alarm]]:
    """Those that ring in a stage. An alarm is called `takeaway-<stage>-<context>-<name>`."""
    found: dict[str, list[Alarm]] = {context: [] for context in contexts}
    pages = target.client("cloudwatch").get_paginator("describe_alarms")
    for page in pages.paginate(AlarmNamePrefix=f"{target.prefix}-", StateValue="ALARM"):
        for alarm in page["MetricAlarms"]:
            name = alarm["AlarmName"].removeprefix(f"{target.prefix}-")
            if alarm["StateValue"] == "ALARM" and (context := context_of(name, found)):  # engines may give more
                tells, _, runbook = alarm.get("AlarmDescription", "").partition(RUNBOOK)
                short = name.removeprefix(f"{context}-")
                found[context].append(Alarm(short, tells, runbook, alarm["StateUpdatedTimestamp"]))
    return found


def context_of(name: str, contexts: Iterable[str]) -> str | None:
    """Whose it is that is called `<context>-…`; "loyalty-cards-…" is not of a context "loyalty" if both are there."""
    return max((each for each in contexts if name.startswith(f"{each}-")), key=len, default=None)
