"""What functions were called how often and how long they took, by the line that Lambda logs at the end of each call."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from takeaway.check.templates.stack import FUNCTION
from takeaway.check.templates.values import logical_id
from takeaway.study.compare.trio import Contender

LOG_GROUP = "AWS::Logs::LogGroup"
REPORT = re.compile(r"^REPORT .*?\bBilled Duration: (?P<milliseconds>\d+) ms")
DEFAULT_MEGABYTES = 128


@dataclass(frozen=True)
class Usage:
    """By function, as it is called behind its stage: `orders-notify-user`. Those that were not called are not there."""

    invocations: Mapping[str, int]
    gigabyte_seconds: float


def usage_since(contender: Contender, start: datetime) -> Usage:
    """The console is left out: it is a window for people, and the same in each system."""
    counts, gigabyte_seconds = {}, 0.0
    for function, group, megabytes in _functions(contender):
        took = list(_reported(contender, group, start))
        if took:
            counts[contender.short(function)] = len(took)
            gigabyte_seconds += sum(took) / 1000 * megabytes / 1024
    return Usage(counts, gigabyte_seconds)


def _functions(contender: Contender) -> Iterator[tuple[str, str, int]]:
    for name in contender.contexts:
        stack = contender.stacks[name]
        groups = stack.of(LOG_GROUP)
        for properties in stack.of(FUNCTION).values():
            if function := properties.get("FunctionName"):
                group = groups.get(logical_id(properties.get("LoggingConfig", {}).get("LogGroup")), {})
                called = group.get("LogGroupName", f"/aws/lambda/{function}")
                yield function, called, properties.get("MemorySize", DEFAULT_MEGABYTES)


def logged(contender: Contender, function: str, start: datetime, word: str) -> Iterator[str]:
    """Lines with that word that a function has logged. One that never ran, or that there is not, has none."""
    groups = [group for name, group, _ in _functions(contender) if name == function]
    for group in groups:
        yield from _lines(contender, group, start, word)


def _reported(contender: Contender, group: str, start: datetime) -> Iterator[int]:
    """Milliseconds of each call."""
    for line in _lines(contender, group, start, "REPORT"):
        if report := REPORT.match(line):
            yield int(report["milliseconds"])


def _lines(contender: Contender, group: str, start: datetime, word: str) -> Iterator[str]:
    logs = contender.target.client("logs")
    pages = logs.get_paginator("filter_log_events").paginate(
        logGroupName=group, startTime=int(start.timestamp() * 1000), filterPattern=word
    )
    try:
        for page in pages:
            for event in page["events"]:
                yield str(event["message"])
    except logs.exceptions.ResourceNotFoundException:
        return
