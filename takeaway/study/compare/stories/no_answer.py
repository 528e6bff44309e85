"""Let restaurants not answer, and find what happens after the deadline, and which orders nothing will end."""

from collections import Counter
from collections.abc import Iterator

from takeaway.run.client.people import People
from takeaway.run.client.workflow import RUNNING
from takeaway.study.compare.all_four import ACCEPT_TIMEOUT
from takeaway.study.compare.contender import PATIENCE_SECONDS, TOLD, Contender, wait_until
from takeaway.study.compare.findings import Told, counted, number, total

ORDERS = 3
SCHEDULES = ("AWS::Scheduler::Schedule", "AWS::Events::Rule")


def place(contender: Contender, _: int) -> list[str]:
    """Place orders, and wait until the restaurant is told of them; nobody acts on them after that."""
    ids = [People(contender.system).place() for _ in range(ORDERS)]
    for order_id in ids:
        contender.comes(order_id, TOLD)
    return ids


def look(contender: Contender, ids: list[str]) -> Told:
    """Look once all orders have ended, or after twice the restaurant's time."""
    told = max(contender.system.kept(order_id).changes[TOLD] for order_id in ids)
    wait_until(lambda: not any(contender.system.kept(order_id).is_open for order_id in ids), seconds=2 * ACCEPT_TIMEOUT)
    wait_until(lambda: not any(list(_pending(contender, order_id)) for order_id in ids), seconds=PATIENCE_SECONDS)
    items = {order_id: contender.system.kept(order_id) for order_id in ids}
    after = [name for item in items.values() for name, at in item.changes.items() if at > told]
    mails = [mail.subject for order_id in ids for mail in contender.system.mails.naming(order_id)]
    pending = Counter(what for order_id in ids for what in _pending(contender, order_id))
    stuck = sum(item.is_open and not list(_pending(contender, order_id)) for order_id, item in items.items())
    return Told(
        {
            f"status {ACCEPT_TIMEOUT} s and more after the restaurant was told": counted(
                Counter(item.status for item in items.values())
            ),
            "recorded after the deadline": counted(Counter(after), "nothing"),
            "e-mails to customers": counted(Counter(f"“{subject}”" for subject in mails)),
            "executions": counted(Counter(filter(None, map(contender.execution, ids))), "there are none"),
            "what could still end an open order": total(pending, "nothing"),
            f"orders of {len(ids)} that stay open for ever": number(stuck),
        }
    )


def _pending(contender: Contender, order_id: str) -> Iterator[str]:
    """Yield what could still change an order if people do nothing."""
    if contender.execution(order_id) == RUNNING:
        yield "running execution"
    if contender.under_way():  # any message counts, because nothing else goes on
        yield "message in a queue"
    if any("ScheduleExpression" in each for each in contender.stacks["orders"].of(*SCHEDULES).values()):
        yield "schedule"
