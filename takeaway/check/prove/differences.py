"""Compare the evidence of an engine with that of the embedded engine, by step and order."""

from collections.abc import Iterator

from takeaway.check.prove.record import Evidence, Order, Step


def differences(evidence: Evidence, reference: Evidence) -> list[str]:
    """Return a sentence for each difference. Times, ids and passed states are not compared: they vary between runs."""
    there, here = ({step.name: step for step in each.steps} for each in (reference, evidence))
    found = [f"{name}: not tried on {reference.engine}" for name in here if name not in there]
    for name, step in there.items():
        if name not in here:
            found.append(f"{name}: did not happen")
        else:
            found += [f"{name}: {what}" for what in _of_step(here[name], step)]
    return found


def _of_step(step: Step, reference: Step) -> list[str]:
    if step.skipped or reference.skipped:
        both = step.skipped == reference.skipped
        return [] if both else [step.skipped or f"skipped on the other engine ({reference.skipped})"]
    found = []
    for what in sorted(step.figures.keys() | reference.figures.keys()):
        now, then = step.figures.get(what), reference.figures.get(what)
        found += [f"{what}: {now}, not {then}"] if now != then else []
    orders = {order.way: order for order in reference.orders}
    for order in step.orders:
        if order.way in orders:
            found += _of_order(order, orders.pop(order.way))
    found += [f"no order was {way}" for way in orders]
    return found or [f"wrong here alone: {what}" for what in step.wrong if not reference.wrong]


def _of_order(order: Order, reference: Order) -> Iterator[str]:
    for field in ("status", "workflow", "events", "vouchers"):
        now, then = getattr(order, field), getattr(reference, field)
        if now != then:
            yield f"{order.way}: {field} {_told(now)}, not {_told(then)}"


def _told(value: object) -> str:
    return (", ".join(value) or "none") if isinstance(value, list) else str(value)
