"""What is measured: told, never a reason to fail."""

import statistics
import time
from uuid import uuid4

from takeaway.client.system import System
from takeaway.demo.examples import Example

WARM_UP, MEASURED = 3, 15


def warm_call_ms(system: System, example: Example) -> float:
    """The median of warm calls that each place a new order, nothing else being asked of the engine."""
    token = system.tokens.customer(example.customer_id)
    times = []
    for _ in range(WARM_UP + MEASURED):
        began = time.perf_counter()
        system.api.place(example.order, token=token, idempotency_key=str(uuid4()))
        times.append(time.perf_counter() - began)
    return statistics.median(times[WARM_UP:]) * 1000


def orders_bundle_bytes(system: System) -> int:
    """What a function of orders carries, as the engine got it, without its dependencies."""
    function = f"{system.target.prefix}-orders-api"
    size: int = system.target.client("lambda").get_function_configuration(FunctionName=function)["CodeSize"]
    return size
