"""Act 5: the unanswered order once more, in a system without a workflow: it waits for ever, and nobody notices."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from rich.table import Table

from takeaway.errors import TakeawayError
from takeaway.run.client.queues import Queue
from takeaway.run.client.system import System
from takeaway.run.demo.acts.staged import Staged, deadline_of
from takeaway.run.demo.examples import Example
from takeaway.run.demo.play import people_of
from takeaway.waiting import await_until, waiting_for

TITLE = "The same order where nobody is in charge"
LATER = timedelta(seconds=1)  # after the deadline; a system that kept it would have acted by then
QUEUES = "QueueUrl"  # the end of the outputs' names that are queues


@dataclass(frozen=True)
class Unanswered:
    """An order that its restaurant never answers."""

    system: System
    order_id: str

    def deadline(self) -> datetime | None:
        return deadline_of(self.system.journal.of_order(self.order_id))

    @property
    def ended(self) -> tuple[str, str]:
        """The order's status, and the subjects of the e-mails that its customer got."""
        kept, mails = self.system.kept(self.order_id), self.system.mails.naming(self.order_id)
        return f"{kept.status}{', open' if kept.is_open else ''}", ", ".join(mail.subject for mail in mails) or "none"

    @property
    def is_open(self) -> bool:
        return self.system.kept(self.order_id).is_open

    def hopes(self) -> Iterator[str]:
        """Yield what could still end the order: messages in the queues of orders."""
        for key, url in self.system.stacks.by_context["orders"].outputs.items():
            queue = Queue(self.system.target.client("sqs"), url) if key.endswith(QUEUES) else None
            if queue and sum(queue.depth()):
                yield f"a message in {queue.name}"


def begin(example: Example) -> Callable[[System], Unanswered]:
    return lambda system: Unanswered(system, people_of(example, system).place())


def play(on: Staged, coming: "Future[Unanswered]") -> list[str]:
    example = on.cast.unanswered
    on.scene.title(5, TITLE)
    on.scene.say(
        "While you were reading, a second system was set up beside the first. In it orders has no workflow: each "
        f"function only reacts to events, as neighbours do. {example.customer} has ordered there as well; nobody "
        "answers.\n"
    )
    try:
        with waiting_for("setting up the second system"):
            unanswered = coming.result(timeout=on.patience)
        differs = list(absent(on, unanswered))
    except NotYet:
        return [f"{TITLE}: it was not there after {on.patience:.0f} seconds"]
    except TakeawayError as error:
        return [f"{TITLE}: {error}"]
    if differs:
        return [f"{TITLE}: {each}" for each in differs]
    on.scene.show(_beside(Unanswered(on.system, on.play.id_of(example) or ""), unanswered))
    on.scene.say(
        "\nIn the first, the workflow waits, and so it notices that nothing happens. In the second nobody does: "
        "“no answer” is no event. The order waits for ever, and so does its customer."
    )
    return []


def absent(on: Staged, unanswered: Unanswered) -> Iterator[str]:
    """Wait until the deadline is over, and yield a sentence for each thing that differs from the story."""
    deadline = await_until(
        unanswered.deadline, seconds=on.patience, what="waiting until the restaurant is asked there, too"
    )
    if deadline is None:
        yield f"the restaurant was not asked within {on.patience:.0f} seconds"
        return

    def left() -> str:
        return f"waiting for the deadline there: {(deadline - datetime.now(UTC)).total_seconds():.0f} s left"

    await_until(lambda: datetime.now(UTC) > deadline + LATER, seconds=on.timeout + on.patience, what=left)
    if not unanswered.is_open:
        yield f"the order is {unanswered.ended[0]} after its deadline, not open for ever"
    yield from (f"{hope} could still end it" for hope in unanswered.hopes())


def _beside(workflow: Unanswered, nobody: Unanswered) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("after the deadline", "one workflow", "only events"):
        table.add_column(heading)
    for heading, *cells in zip(("the order is", "the customer got"), workflow.ended, nobody.ended, strict=True):
        table.add_row(heading, *cells)
    return table
