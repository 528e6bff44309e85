"""Count what a completed order uses of AWS once functions are warm, in memory as `takeaway cost` does.

The order goes the way "completed" in the hybrid system of a production stage, which has no journal.
"""

import json
from collections.abc import Iterator

from takeaway.paths import EXAMPLES
from takeaway.study.costs.assumptions import assumptions
from takeaway.study.costs.bill import counted, in_production
from takeaway.study.costs.units import GIGABYTE

WAY = "completed"
# Counted in the same way on 25 November 2026, without the journal, which production had then.
FUNCTIONS, REQUESTS, READS, WRITES, LOGGED = 9, 28, 15, 70, 5949


def rows() -> Iterator[tuple[str, str, str, str]]:
    lunch = json.loads((EXAMPLES / "01-lunch-for-two.json").read_text(encoding="utf-8"))["order"]
    tally = counted(in_production(), lunch, assumptions()).ways[WAY].tally
    used = tally.total
    requests = sum(count for call, count in tally.calls.items() if call.startswith("DynamoDB:"))
    units = used.table_reads + used.table_writes
    yield "calls of functions", f"{FUNCTIONS}", f"{sum(tally.functions.values()):.0f}", ""
    yield "requests to DynamoDB", f"{REQUESTS}", f"{requests:.0f}", ""
    yield (
        "units of DynamoDB",
        f"{READS + WRITES}: {READS} read, {WRITES} written",
        f"{units:.0f}: {used.table_reads:.0f} read, {used.table_writes:.0f} written",
        f"≤ {(READS + WRITES) * 0.6:.0f} (60 %)",
    )
    yield (
        "bytes logged, the platform's own lines among them",
        f"{LOGGED:,}",
        f"{used.log_gigabytes * GIGABYTE:,.0f}",
        "",
    )
