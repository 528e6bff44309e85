"""The steps of a proof: orders that go several ways, a stop, an outage, dead letters, a replay.

A broken promise does not end the proof: it is recorded, and the next step begins.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from takeaway.check.prove.record import Order, Step
from takeaway.facts import Way, facts_of
from takeaway.run.client import dead_letters
from takeaway.run.client.api import OrdersApi
from takeaway.run.client.failing import failing
from takeaway.run.client.people import LUNCH, RESTAURANT, People, Signs
from takeaway.run.client.replay import replay_of, why_not
from takeaway.run.client.subscription import Subscription
from takeaway.run.client.system import System
from takeaway.waiting import await_until

COMPLETED, EXPIRED, STOPPED = "completed", "expired", "stopped by an operator"
ANSWERED = (COMPLETED, "rejected", "cancelled")
NEIGHBOUR = "promotions"
TOLD = ("restaurant_notified", "user_notified")  # the events after which people can act
SECONDS = 45  # the timeout of each wait on the embedded engine
ARCHIVED_SECONDS = 900  # AWS says that an event may take ten minutes to be in the archive


@dataclass(frozen=True)
class Alive:
    """A deployed stage, with the tokens of its people and the restaurant that they order from."""

    system: System
    tokens: Signs
    accept_timeout: int
    since: datetime
    restaurant_id: str = RESTAURANT

    @property
    def api(self) -> OrdersApi:
        return self.system.api

    @property
    def people(self) -> People:
        return People(self, {**LUNCH, "restaurant_id": self.restaurant_id})

    @property
    def neighbour(self) -> Subscription:
        return self.system.subscription(NEIGHBOUR)

    def within(self, ready: Callable[[], object], more: int = 0) -> bool:
        return bool(await_until(ready, seconds=SECONDS * self.system.target.traits.patience + more))

    def heard(self, order_id: str) -> list[str]:
        return [each.name for each in self.system.journal.of_order(order_id) if each.kind == "event"]

    def states(self, order_id: str) -> list[str]:
        return [step.name for step in self.system.workflow.steps(order_id) if not step.is_end]

    def has_voucher(self, order_id: str) -> bool:
        return self.system.vouchers.of_order(order_id) is not None

    def waits(self) -> int:
        """Count the messages in the neighbour's queue."""
        return self.neighbour.queue.depth().waiting

    def lives(self, name: str) -> Order:
        """Place an order, let people do what its way says, and return it at its end."""
        way, people = way_of(name), self.people
        order_id = people.place(way.order)
        self.within(lambda: TOLD[0] in self.heard(order_id))
        if way.stops:
            self.within(lambda: way.stops in self.states(order_id))
            self.system.workflow.stop(order_id, why="takeaway prove")
        for act, told in zip(way.does.values(), TOLD, strict=False):
            self.within(lambda told=told: told in self.heard(order_id))  # type: ignore[misc]
            people.act(act.call, order_id)
        return self.ended(name, order_id)

    def ended(self, name: str, order_id: str) -> Order:
        """Wait until the order has ended as its way says, or the time is up, and return its evidence."""
        way = way_of(name)
        self.within(
            lambda: self.heard(order_id) == [*way.events] and self.system.workflow.status(order_id) == way.ends,
            more=0 if way.does or way.stops else self.accept_timeout,
        )
        return Order(
            way=name,
            order_id=order_id,
            status=self.system.kept(order_id).status,
            workflow=self.system.workflow.status(order_id),
            states=self.states(order_id),
            events=self.heard(order_id),
        )


def way_of(name: str) -> Way:
    return facts_of("orders").ways[name]


def ways(alive: Alive, step: Step) -> None:
    """Run an order of each way, while another waits for a restaurant that does not answer."""
    unanswered = alive.people.place(way_of(EXPIRED).order)
    for name in ANSWERED:
        _lives(alive, step, name)
    step.orders.append(alive.ended(EXPIRED, unanswered))
    _voucher_comes(alive, step)


def stopped(alive: Alive, step: Step) -> None:
    """Stop an order's execution, as an operator would."""
    _lives(alive, step, STOPPED)


def outage(alive: Alive, step: Step) -> None:
    """Complete an order while the neighbour is stopped: orders does not notice, and the neighbour catches up."""
    step.ids["queue"] = alive.neighbour.queue.name
    with alive.neighbour.outage():
        _lives(alive, step, COMPLETED)
        alive.within(alive.waits)
        step.figures["messages that waited"] = alive.waits()
    _voucher_comes(alive, step)


def redriven(alive: Alive, step: Step) -> None:
    """Let the neighbour's function fail until there is a dead letter, restore it, and redrive."""
    dead = alive.neighbour.dead_letters
    step.ids["queue"] = dead.name
    with failing(alive.neighbour):
        _lives(alive, step, COMPLETED)
        alive.within(lambda: dead.depth().waiting)
    step.figures["dead letters"] = dead.depth().waiting
    step.figures["moved back"] = dead_letters.redrive(alive.neighbour, lambda _: None)
    if not step.figures["moved back"]:
        step.wrong.append("no dead letter came")
    _voucher_comes(alive, step)


def replayed(alive: Alive, step: Step) -> None:
    """Replay events to the stopped neighbour, where they can be counted; then check that no new voucher follows."""
    traits = alive.system.target.traits
    step.skipped = why_not(traits)
    if step.skipped:
        return
    before, bus = len(alive.system.vouchers.all()), alive.system.stacks.output("bus", "BusName")

    def comes() -> int:
        replay = replay_of(alive.neighbour, bus, start=alive.since, end=datetime.now(UTC))
        step.ids["replay"] = replay.run(lambda _: None)
        alive.within(lambda: alive.waits() >= before)
        return alive.waits()

    with alive.neighbour.outage():
        step.figures["events that came again"] = await_until(
            comes, seconds=0 if traits.patience == 1 else ARCHIVED_SECONDS
        )
    alive.within(lambda: not sum(alive.neighbour.queue.depth()))
    after = len(alive.system.vouchers.all())
    step.figures |= {"vouchers before": before, "vouchers after": after}
    if after != before or not step.figures["events that came again"]:
        step.wrong.append("expected that events come again and no voucher more")


STEPS = {
    "orders go their ways": ways,
    "an execution is stopped from outside": stopped,
    f"{NEIGHBOUR} is out": outage,
    f"{NEIGHBOUR} fails, and its dead letters are redriven": redriven,
    f"events are replayed to {NEIGHBOUR}": replayed,
}


def _lives(alive: Alive, step: Step, name: str) -> None:
    step.orders.append(alive.lives(name))


def _voucher_comes(alive: Alive, step: Step) -> None:
    for order in step.orders:
        if order.way == COMPLETED and not alive.within(lambda order=order: alive.has_voucher(order.order_id)):  # type: ignore[misc]
            step.wrong.append(f"no voucher for order {order.order_id}")
        order.vouchers = int(alive.has_voucher(order.order_id))


def promises(order: Order) -> list[str]:
    """Return a sentence for each value of an order that differs from its way in the facts of orders."""
    way = way_of(order.way)
    expected = {"status": way.status, "workflow": way.ends, "events": [*way.events]}
    found = {what: getattr(order, what) for what in expected}
    return [
        f"{order.way}: {what} {found[what] or 'none'}, expected {expected[what]}"
        for what in expected
        if found[what] != expected[what]
    ]
