"""What happens on the stage that is proved: orders that go several ways, an outage, dead letters, a replay, a stop.

Nothing ends it that comes otherwise than promised: it is noted, and the next step begins.
"""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

from takeaway.check.prove.record import Evidence, Order, Step
from takeaway.errors import TakeawayError
from takeaway.facts import Way, facts_of
from takeaway.run.client import dead_letters
from takeaway.run.client.api import OrdersApi
from takeaway.run.client.failing import failing
from takeaway.run.client.people import LUNCH, RESTAURANT, People, Signs
from takeaway.run.client.replay import replay_of
from takeaway.run.client.subscription import Subscription
from takeaway.run.client.system import System
from takeaway.waiting import await_until

COMPLETED, STOPPED = "completed", "stopped by an operator"
WAYS = (COMPLETED, "rejected", "cancelled", "expired")
NEIGHBOUR = "promotions"
TOLD = "restaurant_notified"
SECONDS = 45  # on the embedded engine, for each thing that is waited for
ARCHIVED_SECONDS = 900  # on AWS, until an event is in the archive: ten minutes, say its pages


@dataclass(frozen=True)
class Alive:
    """A stage with its people: whoever signs their tokens, and the restaurant that they order from."""

    system: System
    tokens: Signs
    restaurant_id: str = RESTAURANT
    accept_timeout: int = 0

    @property
    def api(self) -> OrdersApi:
        return self.system.api

    def within(self, ready: Callable[[], object]) -> bool:
        return bool(await_until(ready, seconds=SECONDS * self.system.target.traits.patience + self.accept_timeout))

    def heard(self, order_id: str) -> list[str]:
        return [each.name for each in self.system.journal.of_order(order_id) if each.kind == "event"]

    def lives(self, name: str, way: Way) -> Order:
        """One order, brought along a way by those who act on it."""
        people = People(self, {**LUNCH, "restaurant_id": self.restaurant_id})
        order_id = people.place(way.order)
        self.within(lambda: TOLD in self.heard(order_id))
        if way.stops:
            self.system.workflow.stop(order_id, why="takeaway prove")
        for call, after in zip((act.call for act in way.does.values()), (TOLD, "user_notified"), strict=False):
            self.within(lambda after=after: after in self.heard(order_id))  # type: ignore[misc]
            people.act(call, order_id)
        self.within(lambda: self._is_over(order_id, way))
        return self.seen(name, order_id)

    def _is_over(self, order_id: str, way: Way) -> bool:
        return self.heard(order_id) == [*way.events] and self.system.workflow.status(order_id) == way.ends

    def seen(self, name: str, order_id: str) -> Order:
        return Order(
            way=name,
            order_id=order_id,
            status=self.system.kept(order_id).status,
            workflow=self.system.workflow.status(order_id),
            states=[step.name for step in self.system.workflow.steps(order_id) if not step.is_end],
            events=self.heard(order_id),
            vouchers=int(self.has_voucher(order_id)),
        )

    def has_voucher(self, order_id: str) -> bool:
        return self.system.vouchers.of_order(order_id) is not None

    @property
    def neighbour(self) -> Subscription:
        return self.system.subscription(NEIGHBOUR)


def ways(alive: Alive, evidence: Evidence, names: Iterable[str] = WAYS) -> None:
    """Several orders at once, each its way."""
    chosen = {name: facts_of("orders").ways[name] for name in names}
    with evidence.step("orders go their ways") as step, ThreadPoolExecutor(len(chosen)) as pool:
        step.orders += pool.map(alive.lives, chosen, chosen.values())
        for order in step.orders:
            _voucher_comes(alive, step, order)


def stopped(alive: Alive, evidence: Evidence) -> None:
    with evidence.step("an execution is stopped from outside") as step:
        _lives(alive, step, STOPPED)


def outage(alive: Alive, evidence: Evidence) -> None:
    """Orders does not notice, and the neighbour catches up."""
    with evidence.step(f"{NEIGHBOUR} is out", queue=alive.neighbour.queue.name) as step:
        alive.neighbour.switch(out=True)
        try:
            order = _lives(alive, step, COMPLETED)
            alive.within(lambda: alive.neighbour.queue.depth().waiting)
            step.figures["messages that waited"] = alive.neighbour.queue.depth().waiting
        finally:
            alive.neighbour.switch(out=False)
        _voucher_comes(alive, step, order)


def redriven(alive: Alive, evidence: Evidence) -> None:
    """Its function fails until the message is a dead letter; when it is mended, the message goes back."""
    with evidence.step(f"{NEIGHBOUR} fails, and its dead letters are redriven") as step:
        step.ids["dead letters"] = alive.neighbour.dead_letters.name
        with failing(alive.neighbour):
            order = _lives(alive, step, COMPLETED)
            alive.within(lambda: alive.neighbour.dead_letters.depth().waiting)
        step.figures["dead letters"] = alive.neighbour.dead_letters.depth().waiting
        step.figures["moved back"] = dead_letters.redrive(alive.neighbour, lambda _: None)
        if not step.figures["moved back"]:
            step.wrong.append("no dead letter came")
        _voucher_comes(alive, step, order)


def replayed(alive: Alive, evidence: Evidence) -> None:
    """To a consumer that is out, so that one sees what comes; then it knows every event again."""
    with evidence.step(f"events are replayed to {NEIGHBOUR}") as step:
        traits = alive.system.target.traits
        if not traits.replays:
            step.skipped = f"{traits.kind} can't replay events to one context"
            return
        before, bus = len(alive.system.vouchers.all()), alive.system.stacks.output("bus", "BusName")
        alive.neighbour.switch(out=True)
        try:

            def comes() -> int:
                now = datetime.now(UTC)
                step.ids["replay"] = replay_of(alive.neighbour, bus, start=evidence.began_at, end=now).run(
                    lambda _: None
                )
                alive.within(lambda: alive.neighbour.queue.depth().waiting >= before)
                return alive.neighbour.queue.depth().waiting

            step.figures["events that came again"] = await_until(
                comes, seconds=0 if traits.patience == 1 else ARCHIVED_SECONDS
            )
        finally:
            alive.neighbour.switch(out=False)
        alive.within(lambda: not sum(alive.neighbour.queue.depth()))
        step.figures["vouchers before"], step.figures["vouchers after"] = before, len(alive.system.vouchers.all())
        if step.figures["vouchers after"] != before or not step.figures["events that came again"]:
            step.wrong.append("expected that events come again and no voucher more")


def _lives(alive: Alive, step: Step, name: str) -> Order:
    order = alive.lives(name, facts_of("orders").ways[name])
    step.orders.append(order)
    return order


def _voucher_comes(alive: Alive, step: Step, order: Order) -> None:
    if order.way == COMPLETED and not alive.within(lambda: alive.has_voucher(order.order_id)):
        step.wrong.append(f"no voucher for order {order.order_id}")
    order.vouchers = int(alive.has_voucher(order.order_id))


def promises(order: Order, ways: Mapping[str, Way]) -> list[str]:
    """What of an order is otherwise than orders' rehearsal says."""
    way = ways[order.way]
    pairs = (
        ("status", order.status, way.status),
        ("workflow", order.workflow, way.ends),
        ("events", ", ".join(order.events), ", ".join(way.events)),
    )
    return [
        f"{order.way}: {what} {found or 'none'}, expected {wanted}" for what, found, wanted in pairs if found != wanted
    ]


STEPS = (ways, stopped, outage, redriven, replayed)
