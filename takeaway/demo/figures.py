"""What is measured: told, never a reason to fail."""

import statistics
import time
from pathlib import Path
from uuid import uuid4

from takeaway.client.system import System
from takeaway.demo.examples import Example
from takeaway.errors import TakeawayError

WARM_UP, MEASURED = 3, 15


def place_order_ms(system: System, example: Example) -> float:
    """The median of warm calls that each place a new order, nothing else being asked of the engine."""
    token = system.tokens.customer(example.customer_id)
    times = []
    for _ in range(WARM_UP + MEASURED):
        began = time.perf_counter()
        system.api.place(example.order, token=token, idempotency_key=str(uuid4()))
        times.append(time.perf_counter() - began)
    return statistics.median(times[WARM_UP:]) * 1000


def orders_bundle_bytes(assembly: Path) -> int:
    """What the functions of orders carry, without their dependencies."""
    for bundle in assembly.glob("asset.*/contexts/orders"):
        return sum(file.stat().st_size for file in bundle.parents[1].rglob("*") if file.is_file())
    raise TakeawayError(f"No bundle of orders in {assembly}.")
