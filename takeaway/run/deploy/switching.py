"""One system over another: in place, and only where it leaves no order behind.

Orders stay in their table, but nobody would go on with an open one: a workflow ends with its state machine, and an
order that never had one gets none.
"""

from takeaway.errors import TakeawayError
from takeaway.run.client.outputs import Stacks
from takeaway.run.client.readers import Orders, reader_of
from takeaway.run.client.target import Target

FEW = 3


def refuse_to_leave_orders_behind(target: Target, stacks: Stacks, *, wanted: str) -> None:
    """Raises TakeawayError if another system runs, and an order of it is not over."""
    if stacks.wiring in (None, wanted):
        return
    orders: Orders = reader_of("orders", target, stacks)
    waiting = orders.open_orders()
    if not waiting:
        return
    more = f" and {len(waiting) - FEW} more" if len(waiting) > FEW else ""
    raise TakeawayError(
        f"The {stacks.wiring} system runs here and has open orders ({', '.join(waiting[:FEW])}{more}), which the "
        f"{wanted} one would leave as they are: bring them to their end, or give it a stage of its own with "
        f"`takeaway up --stage NAME --system {wanted}`, or begin anew after `takeaway down`."
    )
