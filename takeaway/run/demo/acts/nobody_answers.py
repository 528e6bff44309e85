"""Act 2: the restaurant does not answer, and the workflow notices, because it waits with a deadline."""

from datetime import UTC, datetime

from takeaway.run.demo.acts.staged import Staged, deadline_of, not_seen
from takeaway.run.demo.columns import Columns

TITLE = "Nobody answers"


def play(on: Staged) -> list[str]:
    example = on.cast.unanswered
    on.scene.title(2, TITLE)
    on.scene.say(
        f"While you were reading, {example.customer} has ordered {example.dishes} from {example.restaurant}, which has "
        f"{on.timeout} seconds to answer. It never does.\n"
    )
    columns = on.columns(example)
    seconds = on.timeout + on.patience
    missing = columns.tell("ends", seconds=seconds, what=lambda: _left(columns))
    if missing:
        return not_seen(TITLE, missing, seconds)
    on.scene.say(
        f"\nThe workflow had waited for {on.timeout} seconds. Then it decided: the order has expired, and its customer "
        "is told."
    )
    return []


def _left(columns: Columns) -> str:
    deadline = deadline_of(columns.traces.entries)
    if deadline is None:
        return "waiting until the restaurant is asked"
    left = (deadline - datetime.now(UTC)).total_seconds()
    return f"waiting for the restaurant's deadline: {left:.0f} s left" if left > 0 else "the deadline is over"
