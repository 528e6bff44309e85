"""The benches that `make bench` runs: modules of this folder with `rows()`. Add yours to BENCHES."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tools.benchmarks import changing, cold_starts, first_invocations, growing, load, warm_order, watching


@dataclass(frozen=True)
class Bench:
    """A part of the table. A row has what was measured, and the figures before, now and wanted."""

    name: str
    rows: Callable[[], Iterable[tuple[str, str, str, str]]]


BENCHES = (
    Bench("cold start", cold_starts.rows),
    Bench("first invocation", first_invocations.rows),
    Bench("a change", changing.rows),
    Bench("a completed order", warm_order.rows),
    Bench("load", load.rows),
    Bench("many orders", growing.rows),
    Bench("watching", watching.rows),
)
