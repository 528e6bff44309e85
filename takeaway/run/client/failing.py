"""A consumer that fails on every message, on purpose and for a while: what it reads becomes dead letters soon."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from takeaway.run.client.queues import Queue
from takeaway.run.client.subscription import Subscription
from takeaway.run.client.target import Target
from takeaway.waiting import await_until

GONE = "gone.handler"  # no function carries such a module
REDELIVERY_SECONDS = 1  # instead of minutes: the tries are as many as deployed
UPDATE_SECONDS = 120


@contextmanager
def failing(subscription: Subscription) -> Iterator[None]:
    """As deployed again when the block ends."""
    with redelivered_soon(subscription.queue), without_code(subscription.target, subscription.function):
        yield


@contextmanager
def without_code(target: Target, function: str) -> Iterator[None]:
    functions = target.client("lambda")
    handler = functions.get_function_configuration(FunctionName=function)["Handler"]
    _run(functions, function, GONE)
    try:
        yield
    finally:
        _run(functions, function, handler)


def _run(functions: Any, function: str, handler: str) -> None:
    """Returns when it does: AWS takes a moment, and says so."""
    functions.update_function_configuration(FunctionName=function, Handler=handler)
    await_until(
        lambda: _is_updated(functions, function), seconds=UPDATE_SECONDS, what=f"waiting until {function} is changed"
    )


def _is_updated(functions: Any, function: str) -> bool:
    found = functions.get_function_configuration(FunctionName=function)
    return bool(found.get("LastUpdateStatus", "Successful") == "Successful")


@contextmanager
def redelivered_soon(queue: Queue) -> Iterator[None]:
    before = queue.attributes("VisibilityTimeout")["VisibilityTimeout"]
    change = queue.client.set_queue_attributes
    change(QueueUrl=queue.url, Attributes={"VisibilityTimeout": str(REDELIVERY_SECONDS)})
    try:
        yield
    finally:
        change(QueueUrl=queue.url, Attributes={"VisibilityTimeout": before})
