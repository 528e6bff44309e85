"""What was under way comes to an end: orders as people would end them, outages, dead letters."""

from collections.abc import Iterator
from contextlib import suppress

from takeaway.errors import Refused, TakeawayError
from takeaway.run.client.dead_letters import redrive
from takeaway.run.client.people import CUSTOMERS
from takeaway.run.client.subscription import OUTPUTS, Subscription
from takeaway.run.client.system import System
from takeaway.waiting import await_until

# What whoever may do it does about an open order, by its status. One that is neither is about to become one of these.
ENDS = {"PLACED": "cancel", "ACCEPTED": "complete"}
SECONDS = 60.0
POLL_SECONDS = 0.5


def listening(system: System) -> Iterator[Subscription]:
    for name, stack in system.stacks.by_context.items():
        if set(OUTPUTS) <= stack.outputs.keys():
            yield system.subscription(name)


def end_outages(system: System) -> list[str]:
    """The contexts that were out."""
    return [each.context for each in listening(system) if each.switch(out=False)]


def end_orders(system: System) -> int:
    """How many were open. Those that nobody can end any more are stopped, where they have a workflow."""
    seen: set[str] = set()

    def none_is_left() -> bool:
        left = system.orders.open_orders()
        seen.update(left)
        for order_id in left:
            _end(system, order_id)
        return not left

    if await_until(none_is_left, seconds=SECONDS * system.target.traits.patience, poll=POLL_SECONDS):
        return len(seen)
    for order_id in system.orders.open_orders() if system.has_workflow else ():
        system.workflow.stop(order_id, why="takeaway lab reset")
    if not await_until(lambda: not system.orders.open_orders(), seconds=SECONDS, poll=POLL_SECONDS):
        left = ", ".join(system.orders.open_orders())
        raise TakeawayError(f"These orders don't end: {left}. To begin anew: `takeaway down`, and the same again.")
    return len(seen)


def _end(system: System, order_id: str) -> None:
    found = system.orders.order(order_id)
    call = ENDS.get(found.status) if found else None
    if found and call:
        tokens = system.tokens
        by_customer = call in CUSTOMERS
        token = tokens.customer(found.customer_id) if by_customer else tokens.restaurant(found.restaurant_id)
        with suppress(Refused):  # something else was decided in this moment: the next look sees what
            system.api.act(call, order_id, token=token)


def work_off_dead_letters(system: System) -> int:
    """How many went back into their queues: nothing that a neighbour should have heard is thrown away."""
    return sum(redrive(each, lambda _: None) for each in listening(system) if each.dead_letters.depth().waiting)
