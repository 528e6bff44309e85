"""The stories that the console plays in several wirings at once."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from typing import NamedTuple

from takeaway.run.client.failing import redelivered_soon, without_code
from takeaway.run.client.queues import Queue
from takeaway.run.console.story import Run, dead_letters_of_orders
from takeaway.waiting import inheriting

THINKS_SECONDS = 2.0
OUTAGE_SECONDS = 12  # promotions stays down for so long after the order is delivered
NOTIFIES = "orders-notify-user"  # the function's name after the stage, the same in every wiring
QUEUE = "NotifyUserQueueUrl"


def goes_well(run: Run) -> None:
    people = run.place()
    run.pause(THINKS_SECONDS)
    run.act(people, "accept")
    run.until("ACCEPTED", "FAILED")
    run.pause(THINKS_SECONDS)
    run.act(people, "complete")


def never_answers(run: Run) -> None:
    run.place()
    run.say("restaurant", "says nothing")


def promotions_down(run: Run) -> None:
    run.say("operator", "stops promotions")
    with run.system.subscription("promotions").outage():
        goes_well(run)
        run.pause(OUTAGE_SECONDS)
    run.say("operator", "lets promotions go on")


def notify_fails(run: Run) -> None:
    """Break notify-user by a handler that can't be loaded, until all its tries have failed."""
    target = run.system.target
    urls = [url for key, url in run.system.stacks.of("orders").outputs.items() if key == QUEUE]
    with ExitStack() as restored:
        for url in urls:
            restored.enter_context(redelivered_soon(Queue(target.client("sqs"), url)))
        restored.enter_context(without_code(target, f"{target.prefix}-{NOTIFIES}"))
        run.say("operator", "breaks notify-user")
        before = dead_letters_of_orders(run.system)
        people = run.place()
        run.pause(THINKS_SECONDS)
        run.act(people, "accept")
        run.until("ACCEPTED", "FAILED")
        run.until_given_up(before)
        run.act(people, "complete")
    run.say("operator", "mends notify-user")


def race(run: Run) -> None:
    people = run.place()
    run.pause(THINKS_SECONDS)
    with ThreadPoolExecutor(2) as both:
        for call in ("accept", "cancel"):
            both.submit(inheriting(partial(run.act, people, call)))


class Story(NamedTuple):
    title: str
    play: Callable[[Run], None]


STORIES: Mapping[str, Story] = {
    "goes-well": Story("Goes well", goes_well),
    "never-answers": Story("The restaurant never answers", never_answers),
    "promotions-down": Story("Promotions is down", promotions_down),
    "notify-fails": Story("notify-user fails", notify_fails),
    "race": Story("The race: accept and cancel at once", race),
}
