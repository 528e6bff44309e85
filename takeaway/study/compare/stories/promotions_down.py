"""Let promotions fail while orders are delivered, and find if they complete and when their vouchers come."""

from collections import Counter
from collections.abc import Sequence

from takeaway.run.client.dead_letters import redrive
from takeaway.study.compare.contender import PATIENCE_SECONDS, Contender, orders_in, wait_until
from takeaway.study.compare.findings import Told, counted, number
from takeaway.study.compare.living import live_at_once, settle
from takeaway.study.compare.outages import components, out

ORDERS = 2


def down(contender: Contender, _: int) -> Told:
    """Keep it down until all tries have failed, restore it, and redrive its dead letters."""
    [component] = [
        each for each in components(contender) if (each.context, each.kind) == ("promotions", "function")
    ]  # fmt: skip
    with out(contender, component):
        ids = live_at_once(contender, ORDERS)
        completed = [order_id for order_id in ids if contender.system.kept(order_id).status == "COMPLETED"]
        early = _vouchers(contender, completed)
    subscription = contender.system.subscription("promotions")
    kept = sum(order_id in orders_in(subscription.dead_letters) for order_id in completed)
    settle(contender, None)
    by_themselves = _vouchers(contender, completed) - early
    moved = redrive(subscription, lambda _: None)
    expected = early + by_themselves + moved
    wait_until(lambda: _vouchers(contender, completed) >= expected, seconds=PATIENCE_SECONDS)
    redriven = _vouchers(contender, completed) - early - by_themselves
    return Told(
        {
            f"orders of {len(ids)} that complete": number(len(completed)),
            "their executions": counted(Counter(filter(None, map(contender.execution, ids))), "there are none"),
            "vouchers while it is down": number(early),
            "orders kept as dead letters of promotions": number(kept),
            "vouchers that come by themselves when it is back": number(by_themselves),
            "vouchers that come by `takeaway redrive promotions`": number(redriven),
            "vouchers that are lost": number(len(completed) - early - by_themselves - redriven),
        }
    )


def _vouchers(contender: Contender, ids: Sequence[str]) -> int:
    return sum(contender.system.vouchers.of_order(order_id) is not None for order_id in ids)
