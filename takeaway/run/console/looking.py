"""Read an order for a page, with the same client as commands."""

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

__all__ = ["JOURNAL", "WHOLE", "meant_by", "must_exist", "neighbours_of", "order_seen"]
LONGEST = 64  # characters of a typed id that are looked at
JOURNAL = "console"  # the context that keeps the journal


def neighbours_of(system: System) -> list[str]:
    """Name the contexts that listen to the bus, except the journal's."""
    return [name for name in listeners(system.stacks) if name != JOURNAL]


def meant_by(system: System, text: str) -> str:
    """Return the order's whole id for a beginning or `last`, as commands do. Raises NotHere."""
    try:
        return meant(system, text[:LONGEST])
    except TakeawayError as error:
        raise NotHere(str(error)) from error


def must_exist(system: System, order_id: str) -> None:
    """Raise NotHere when the order does not exist."""
    if system.orders.order(order_id) is None:
        raise NotHere(f"There is no order {order_id[:LONGEST]} in stage {system.target.stage}.")


def order_seen(system: System, order_id: str, *, search: bool) -> Seen:
    """Read an order with its traces. Raises NotHere when it does not exist."""
    must_exist(system, order_id)
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
    """Return the order as its customer sees it; without a customer's token (on AWS) only what the table says."""
    if system.target.endpoint is not None or os.environ.get(GIVEN):
        return system.order(order_id)
    kept = system.kept(order_id)
    told = {"order_id": order_id, "status": kept.status, "restaurant_id": kept.restaurant_id, "items": []}
    return told | dict.fromkeys(("total", "decision", "completion", "reason"))


def _without_people(order: dict[str, Any]) -> dict[str, Any]:
    """Remove customer, address and note, because a page that a class looks at must show no personal data."""
    return {name: value for name, value in order.items() if name not in ("customer", "delivery_address", "note")}
