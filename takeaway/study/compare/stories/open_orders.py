"""Deploy orders with steps renamed at once while orders are open, and find which of them are lost."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from takeaway.run.client.people import People
from takeaway.run.client.workflow import RUNNING
from takeaway.study.compare.capabilities import is_told
from takeaway.study.compare.contender import CONFIRMED, PATIENCE_SECONDS, TOLD, Contender, wait_until
from takeaway.study.compare.findings import Cell, Found, Told, counted, named, number
from takeaway.study.compare.living import done, settle
from takeaway.study.compare.longer_timeouts import lengthen_timeouts
from takeaway.study.compare.release import Release
from takeaway.study.compare.renaming import RENAMED
from takeaway.study.compare.stories.mail_fails import FAILED_EXECUTION, alarms

Acts = tuple[tuple[str, str], ...]  # the restaurant's calls, each with the change of the order that it comes after
ACCEPTS, DELIVERS, REJECTS = (TOLD, "accept"), (CONFIRMED, "complete"), (TOLD, "reject")
FUNCTIONS = {f"orders-{step.replace('_', '-')}" for step in RENAMED}


@dataclass(frozen=True)
class Open:
    """An order, what its restaurant still does, and the status with which it ends if nothing goes wrong."""

    id: str
    acts: Acts
    ends: str = "COMPLETED"

    @classmethod
    def placed(cls, contender: Contender, *acts: tuple[str, str], ends: str = "COMPLETED") -> "Open":
        return cls(People(contender.system).place(), acts, ends)

    def waits(self, contender: Contender) -> bool:
        """Wait until the restaurant's next call can be made; False if that never comes."""
        (change, _), *_ = self.acts
        if not contender.comes(self.id, change, hopeless=lambda: not contender.moves(self.id)):
            return False
        wait_until(lambda: contender.awaits_people(self.id), seconds=PATIENCE_SECONDS)
        return True

    def go_on(self, contender: Contender) -> None:
        """Let the restaurant do what it would do anyway, as far as the system lets it."""
        left = self
        while left.acts:
            (_, call), *others = left.acts
            if not left.waits(contender) or not done(partial(People(contender.system).act, call, self.id)):
                break
            left = replace(left, acts=tuple(others))
        settle(contender, self.id)


def deploy(contender: Contender, release: Release) -> Told:
    """Place orders, deploy, and let their restaurant go on; then tell what became of each order."""
    lengthen_timeouts(contender)
    orders = _open(contender)
    after = release.deploy_over(contender)
    younger = Open.placed(after, ACCEPTS, DELIVERS)
    for order in (*orders, younger):
        order.go_on(after)
    failed = sum(after.execution(order.id) == "FAILED" for order in orders)
    return Told(
        {
            **told(after, orders),
            "alarms that this rings": named(alarms(after, {FAILED_EXECUTION: failed})),
            "an order that was placed afterwards": Cell(text=after.system.kept(younger.id).status),
        }
    )


def told(contender: Contender, orders: Sequence[Open]) -> Found:
    items = [(order, contender.system.kept(order.id)) for order in orders]
    lost = [(order, item) for order, item in items if item.status != order.ends]
    stands = [
        f"{item.status} for ever" if item.is_open and contender.execution(order.id) != RUNNING else item.status
        for order, item in lost
    ]
    return {
        f"orders lost, of {len(orders)} that were open": number(len(lost)),
        "status of the lost orders": counted(Counter(stands), "none was lost"),
        "customers of lost orders who were told": number(sum(is_told(item) for _, item in lost)),
        "orders that went on and ended as people decided": number(len(orders) - len(lost)),
    }


def _open(contender: Contender) -> list[Open]:
    """Return four orders: one that will be accepted, one that will be rejected, one to deliver, one just placed.

    Of the last one, the message to a renamed step still lies in that step's queue, if the step has one.
    """
    cooking = Open.placed(contender, ACCEPTS)
    cooking.go_on(contender)
    orders = [
        Open.placed(contender, ACCEPTS, DELIVERS),
        Open.placed(contender, REJECTS, ends="REJECTED"),
        replace(cooking, acts=(DELIVERS,)),
    ]
    for order in orders:
        order.waits(contender)
    read = [reader for reader in contender.readers("orders") if contender.short(reader.function) in FUNCTIONS]
    for reader in read:
        reader.switch(out=True)  # for good: the deployment removes it
    last = Open.placed(contender, ACCEPTS, DELIVERS)
    for reader in read:
        wait_until(lambda: any(reader.queue.depth()), seconds=PATIENCE_SECONDS)  # noqa: B023 - called at once
    if not read:
        last.waits(contender)
    return [*orders, last]
