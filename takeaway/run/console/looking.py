"""Reads what a page shows, from a system, with the same client as commands do."""

import os
from typing import Any

from takeaway.errors import TakeawayError
from takeaway.run.client.guesses import guesses
from takeaway.run.client.orders import WHOLE, meant
from takeaway.run.client.people import GIVEN
from takeaway.run.client.subscription import listeners
from takeaway.run.client.system import System
from takeaway.run.console.failures import NotHere
from takeaway.run.console.seen import Seen

__all__ = ["JOURNAL", "WHOLE", "meant_by", "neighbours_of", "order_seen"]
LONGEST = 64  # of what is typed for an id
JOURNAL = "console"  # the neighbour through which all others are seen


def neighbours_of(system: System) -> list[str]:
    """Whoever listens to the bus, the journal left out."""
    return [name for name in listeners(system.stacks) if name != JOURNAL]


def meant_by(system: System, text: str) -> str:
    """The id of the order of which only this is given, as commands take it. Raises NotHere."""
    try:
        return meant(system, text[:LONGEST])
    except TakeawayError as error:
        raise NotHere(str(error)) from error


def order_seen(system: System, order_id: str, *, search: bool) -> Seen:
    """Raises NotHere when there is no such order."""
    if system.orders.order(order_id) is None:
        raise NotHere(f"There is no order {order_id[:LONGEST]} in stage {system.target.stage}.")
    traces = system.traces(order_id, search=search)
    order = _without_people(_viewed(system, order_id))
    return Seen(
        order=order,
        traces=traces,
        neighbours=neighbours_of(system),
        definition=system.workflow.definition if system.has_workflow else "",
        guesses=[] if system.has_workflow else guesses(order, traces),
        mails_are_readable=system.mails.are_readable,
    )


def _viewed(system: System, order_id: str) -> dict[str, Any]:
    """As its customer sees it; where nobody has a token of theirs (AWS), what operators may know without."""
    if system.target.endpoint is not None or os.environ.get(GIVEN):
        return system.order(order_id)
    kept = system.kept(order_id)
    told = {"order_id": order_id, "status": kept.status, "restaurant_id": kept.restaurant_id, "items": []}
    return told | dict.fromkeys(("total", "decision", "completion", "reason"))


def _without_people(order: dict[str, Any]) -> dict[str, Any]:
    """Who ordered, and where it goes, is for the customer and the restaurant: a page for a class shows none of it."""
    return {name: value for name, value in order.items() if name not in ("customer", "delivery_address", "note")}
