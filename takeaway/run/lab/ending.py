"""End what is under way before a lab: outages, open orders and dead letters."""

from collections.abc import Iterator
from contextlib import suppress

from takeaway.errors import Refused, TakeawayError
from takeaway.run.client.dead_letters import redrive
from takeaway.run.client.people import CUSTOMERS
from takeaway.run.client.subscription import OUTPUTS, Subscription
from takeaway.run.client.system import System
from takeaway.waiting import await_until

# The call that ends an open order, by status. An order in another status will soon be in one of these.
ENDS = {"PLACED": "cancel", "ACCEPTED": "complete"}
SECONDS = 60.0
POLL_SECONDS = 0.5
ENDING = "waiting until open orders have ended"


def listening(system: System) -> Iterator[Subscription]:
    for name, stack in system.stacks.by_context.items():
        if set(OUTPUTS) <= stack.outputs.keys():
            yield system.subscription(name)


def end_outages(system: System) -> list[str]:
    """End all outages, and name the contexts that were out."""
    return [each.context for each in listening(system) if each.switch(out=False)]


def end_orders(system: System) -> int:
    """End open orders through the API, and return how many there were.

    Orders that still run after a minute are stopped by their workflow. Raises TakeawayError if some do not end.
    """
    seen: set[str] = set()

    def none_is_left() -> bool:
        left = system.orders.open_orders()
        seen.update(left)
        for order_id in left:
            _end(system, order_id)
        return not left

    if await_until(none_is_left, seconds=SECONDS * system.target.traits.patience, poll=POLL_SECONDS, what=ENDING):
        return len(seen)
    for order_id in system.orders.open_orders() if system.has_workflow else ():
        system.workflow.stop(order_id, why="takeaway lab reset")
    if not await_until(lambda: not system.orders.open_orders(), seconds=SECONDS, poll=POLL_SECONDS, what=ENDING):
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
        with suppress(Refused):  # decided by somebody else just now; the next round sees it
            system.api.act(call, order_id, token=token)


def work_off_dead_letters(system: System) -> int:
    """Redrive all dead letters, and return how many: throwing them away would lose events for neighbours."""
    return sum(redrive(each, lambda _: None) for each in listening(system) if each.dead_letters.depth().waiting)
