"""Act 4: all other orders, some at the same time, and how each of them ended."""

import time

from takeaway.run.demo.acts.staged import Staged
from takeaway.run.demo.telling import Log
from takeaway.waiting import waiting_for

TITLE = "Everybody else"
AT_ONCE = 6  # orders under way: more would wait for each other, and miss deadlines on a busy machine
POLL_SECONDS = 0.15


def play(on: Staged, *, log: bool) -> list[str]:
    """With a log, everything that happens from now on is a line of it. How they ended, the evidence tells."""
    others = on.cast.others
    restaurants = {example.restaurant for example in others}
    on.scene.title(4, TITLE)
    on.scene.say(f"{len(others)} more orders from {len(restaurants)} restaurants, some at the same time.\n")
    told = Log(on.scene, on.play) if log else None
    deadline = time.monotonic() + on.timeout + on.patience
    left = [example for example in others if example not in on.cast.late]
    with waiting_for("orders come to their ends", limit=None) as wait:
        while not on.play.is_over(others) and time.monotonic() < deadline:
            ended = sum(example.name in on.play.ended for example in others)
            wait.share = (ended, len(others))
            under_way = len(others) - len(left) - ended
            for example in left[: max(0, AT_ONCE - under_way)]:
                left.remove(example)
                on.play.place(example)
            if told:
                told.tell()
            time.sleep(POLL_SECONDS)
    if told:
        told.tell_rest()
    return []
