"""Reads what a page shows, from a system, with the same client as commands do."""

import re
from typing import Any

from takeaway.run.client.guesses import guesses
from takeaway.run.client.subscription import listeners
from takeaway.run.client.system import System
from takeaway.run.console.failures import NotHere
from takeaway.run.console.seen import Seen

ID = re.compile(r"[A-Za-z0-9-]{1,64}")
JOURNAL = "console"  # the neighbour through which all others are seen


def neighbours_of(system: System) -> list[str]:
    """Whoever listens to the bus, the journal left out."""
    return [name for name in listeners(system.stacks) if name != JOURNAL]


def order_seen(system: System, order_id: str, *, search: bool) -> Seen:
    """Raises NotHere when there is no such order."""
    if not ID.fullmatch(order_id) or system.orders.order(order_id) is None:
        raise NotHere(f"There is no order {order_id[:64]} in stage {system.target.stage}.")
    traces = system.traces(order_id, search=search)
    order = _without_people(system.order(order_id))
    return Seen(
        order=order,
        traces=traces,
        neighbours=neighbours_of(system),
        definition=system.workflow.definition if system.has_workflow else "",
        guesses=[] if system.has_workflow else guesses(order, traces),
        mails_are_readable=system.mails.are_readable,
    )


def _without_people(order: dict[str, Any]) -> dict[str, Any]:
    """Who ordered, and where it goes, is for the customer and the restaurant: a page for a class shows none of it."""
    return {name: value for name, value in order.items() if name not in ("customer", "delivery_address", "note")}
