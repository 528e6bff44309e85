"""Count functions' invocations and durations by the REPORT line that Lambda logs at the end of each."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from takeaway.check.templates.stack import FUNCTION
from takeaway.run.client.functions import lines
from takeaway.study.compare.contender import Contender

REPORT = re.compile(r"^REPORT .*?\bBilled Duration: (?P<milliseconds>\d+) ms")
DEFAULT_MEGABYTES = 128


@dataclass(frozen=True)
class Usage:
    """Invocations by function, such as `orders-notify-user`, without those that were not called."""

    invocations: Mapping[str, int]
    gigabyte_seconds: float


def usage_since(contender: Contender, start: datetime) -> Usage:
    """Read the usage since a time. The console's functions are left out, because they are the same in each system."""
    counts, gigabyte_seconds = {}, 0.0
    for function in (each for name in contender.contexts for each in contender.stacks[name].of(FUNCTION).values()):
        if name := function.get("FunctionName"):
            logged = [str(line["message"]) for line in lines(contender.target, name, "REPORT", since=start)]
            took = [int(report["milliseconds"]) for line in logged if (report := REPORT.match(line))]
            if took:
                counts[contender.short(name)] = len(took)
                gigabyte_seconds += sum(took) / 1000 * function.get("MemorySize", DEFAULT_MEGABYTES) / 1024
    return Usage(counts, gigabyte_seconds)
