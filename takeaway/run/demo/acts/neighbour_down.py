"""Act 3: promotions is down for a while; orders does not notice, and nothing is lost."""

from takeaway.run.demo.acts.staged import Staged, not_seen, ordering
from takeaway.waiting import await_until, waiting_for

TITLE = "A neighbour is down"
DOWN = "promotions"
LAST_STEP = "Complete order"


def play(on: Staged) -> list[str]:
    """Play the act with an outage like that of `takeaway outage`: nothing reads the queue or calls the function."""
    example, subscription = on.cast.during_outage, on.system.subscription(DOWN)
    on.scene.title(3, TITLE)
    with waiting_for(f"switching {DOWN} off"), subscription.outage():
        on.play.place(example)
        on.scene.say(f"{DOWN.capitalize()} is switched off. {ordering(example)} The last of it:\n")
        columns = on.columns(example, begin_with=LAST_STEP)
        missing = columns.tell("ends", seconds=on.patience, what="waiting for the order's end")
        if missing:
            return not_seen(TITLE, missing, on.patience)
        waiting = await_until(
            lambda: subscription.queue.depth().waiting, seconds=on.patience, what="waiting for its event"
        )
        if differs := absent(on, waiting):
            return differs
        on.scene.say(
            "\nThe order is completed all the same: nothing in it waits for promotions. What promotions has to hear "
            f"waits in a queue of its own ({waiting} event{'s' if waiting != 1 else ''}). Now it is back:\n"
        )
    missing = columns.tell("issues voucher", seconds=on.patience, what=f"waiting for {DOWN}")
    return not_seen(TITLE, missing, on.patience)


def absent(on: Staged, waiting: int) -> list[str]:
    order_id = on.play.id_of(on.cast.during_outage) or ""
    found = on.system.orders.order(order_id)
    status = found.status if found else "unknown"
    differs = [] if status == "COMPLETED" else [f"the order is {status} while {DOWN} is down, not COMPLETED"]
    if on.system.vouchers.of_order(order_id):
        differs.append(f"there is a voucher although {DOWN} is down")
    if not waiting:
        differs.append(f"no event waits for {DOWN}")
    return [f"{TITLE}: {each}" for each in differs]
