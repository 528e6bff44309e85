"""Find the calls that are possible for an order now, and make them with the token of the person who may."""

from functools import cache
from typing import NamedTuple

from takeaway.errors import Refused
from takeaway.facts import facts_of
from takeaway.run.client.deciding import decided, stands_instead
from takeaway.run.client.people import CUSTOMERS
from takeaway.run.client.system import System
from takeaway.run.client.workflow import RUNNING

STOP = "stop"
DONE = {"accept": "accepted", "reject": "rejected", "cancel": "cancelled", "complete": "completed"}
STATUS_OF = "order_"  # the beginning of the names of events that tell of a new status


class Act(NamedTuple):
    call: str
    person: str

    @property
    def takes_reason(self) -> bool:
        return self.call == "reject"


@cache
def calls_of() -> dict[str, tuple[str, ...]]:
    """Map an order's status to the API calls that end the state which waits then, from the facts of orders."""
    facts = facts_of("orders")
    tells = {each.state: each.event_type for each in facts.publishers if each.records}
    found: dict[str, dict[str, None]] = {}
    for way in facts.ways.values():
        for state, act in way.does.items():
            before = [tells.get(each, "") for each in way.states[: way.states.index(state)]]
            told = [each for each in before if each.startswith(STATUS_OF)]
            if told and act.when == "waiting":
                found.setdefault(told[-1].removeprefix(STATUS_OF).upper(), {})[act.call] = None
    return {status: tuple(calls) for status, calls in found.items()}


def possible(order: dict[str, object], *, is_running: bool) -> list[Act]:
    """List the acts that make sense now. The API may still refuse one, because somebody else may be quicker."""
    decided_already = order.get("completion") or (order["status"] == "PLACED" and order["decision"])
    calls = () if decided_already else calls_of().get(str(order["status"]), ())
    acts = [Act(call, "its customer" if call in CUSTOMERS else str(order["restaurant_id"])) for call in calls]
    return [*acts, *([Act(STOP, "an operator")] if is_running else [])]


def done(system: System, order_id: str, call: str, *, reason: str | None) -> str:
    """Do it, and return a sentence about the result. Raises Refused with the API's reason."""
    if call == STOP:
        if system.workflow.status(order_id) != RUNNING:
            raise Refused(409, "There is nothing to stop", "no execution of this order runs")
        system.workflow.stop(order_id, why="stopped by hand, on the console's page")
        if not (traits := system.target.traits).stops_waits:
            asked = f"{traits.kind} was asked to stop the execution"
            return f"{asked}; one that waits for an answer goes on there until its time is up."
        return "The execution is stopped: the order is closed for it, and its customer told."
    order = decided(system, call, order_id, reason=reason)
    if stands := stands_instead(order, DONE[call]):
        return f"The order can't be {DONE[call]} any more: it is {stands}. Nothing has changed."
    return f"The order is {DONE[call]}."
