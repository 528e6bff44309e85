"""Act 4: all other orders, some at the same time, and how each of them ended."""

import time

from takeaway.run.demo.acts.staged import Staged
from takeaway.waiting import waiting_for

TITLE = "Everybody else"
AT_ONCE = 6  # orders under way; with more, some would miss their deadlines on a busy machine
POLL_SECONDS = 0.15


def play(on: Staged) -> list[str]:
    """Place all others and wait for their ends. Returns nothing: the evidence shows how they ended."""
    others = on.cast.others
    restaurants = {example.restaurant for example in others}
    on.scene.title(4, TITLE)
    on.scene.say(f"{len(others)} more orders from {len(restaurants)} restaurants, some at the same time.\n")
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
            time.sleep(POLL_SECONDS)
    return []
