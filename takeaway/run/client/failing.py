"""Make a consumer fail on every message for a while, so that labs and the demo see dead letters within seconds."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from takeaway.run.client.queues import Queue
from takeaway.run.client.subscription import Subscription
from takeaway.run.client.target import Target
from takeaway.waiting import await_until

GONE = "gone.handler"  # a handler that can't be imported, because no bundle has this module
REDELIVERY_SECONDS = 1  # instead of minutes; the number of tries stays as deployed
UPDATE_SECONDS = 120


@contextmanager
def failing(subscription: Subscription) -> Iterator[None]:
    """Let the subscription's function fail while the block runs; both function and queue are restored at its end."""
    with redelivered_soon(subscription.queue), without_code(subscription.target, subscription.function):
        yield


@contextmanager
def without_code(target: Target, function: str) -> Iterator[None]:
    """Point the function's handler to a module that is missing while the block runs."""
    functions = target.client("lambda")
    handler = functions.get_function_configuration(FunctionName=function)["Handler"]
    _run(functions, function, GONE)
    try:
        yield
    finally:
        _run(functions, function, handler)


def _run(functions: Any, function: str, handler: str) -> None:
    """Set the function's handler, and return when the update is complete: invocations use the old one until then."""
    functions.update_function_configuration(FunctionName=function, Handler=handler)
    updated(functions, function)


def updated(functions: Any, function: str) -> bool:
    """Wait until the last change of a function is complete; False if it is not in time."""
    what = f"waiting until {function} is changed"
    return await_until(lambda: _is_updated(functions, function), seconds=UPDATE_SECONDS, what=what)


def _is_updated(functions: Any, function: str) -> bool:
    found = functions.get_function_configuration(FunctionName=function)
    return bool(found.get("LastUpdateStatus", "Successful") == "Successful")


@contextmanager
def redelivered_soon(queue: Queue) -> Iterator[None]:
    """Shorten the queue's visibility timeout to one second while the block runs, so that tries follow at once."""
    before = queue.attributes("VisibilityTimeout")["VisibilityTimeout"]
    change = queue.client.set_queue_attributes
    change(QueueUrl=queue.url, Attributes={"VisibilityTimeout": str(REDELIVERY_SECONDS)})
    try:
        yield
    finally:
        change(QueueUrl=queue.url, Attributes={"VisibilityTimeout": before})
