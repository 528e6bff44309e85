"""A checkout in which orders' step "accept order" is renamed to "confirm order", which is hardest on open orders."""

from pathlib import Path

from takeaway.study.compare.renaming import renamed

OLD, NEW = "accept_order", "confirm_order"
STEP = "        Step(steps.{}, takes=Status.ACCEPTED{}),\n"
RETIRED = ", retired=True"
USE_CASE = f"""def {NEW}(order_id: str, ports: Ports) -> Order:
    return _take_status(Status.ACCEPTED, order_id, ports)


def complete_order(order_id"""


def rename(checkout: Path, *, keep_old: bool) -> None:
    """Rename the step as a team would: with the old one kept for one release, or at once."""
    if not keep_old:
        renamed(checkout, {OLD: NEW})
        return
    orders = checkout / "contexts/orders"
    both = STEP.format(NEW, "") + STEP.format(OLD, RETIRED)
    _edit(orders / "application/steps.py", ("def complete_order(order_id", USE_CASE))
    _edit(orders / "workflow/steps.py", (STEP.format(OLD, ""), both))
    _edit(orders / "workflow/order.asl.json", ("Accept order", "Confirm order"), (f"${{{OLD}}}", f"${{{NEW}}}"))
    _edit(orders / "rehearsal/ways.toml", ("Accept order", "Confirm order"))
    handler = orders / "handlers" / f"{OLD}.py"
    new = handler.read_text().replace(OLD, NEW).replace("Accept order", "Confirm order")
    handler.with_name(f"{NEW}.py").write_text(new)


def go_back(checkout: Path) -> None:
    """Rename the step back by the same recipe, keeping the new one for one release."""
    orders = checkout / "contexts/orders"
    both = STEP.format(NEW, "") + STEP.format(OLD, RETIRED)
    _edit(orders / "workflow/steps.py", (both, STEP.format(OLD, "") + STEP.format(NEW, RETIRED)))
    _edit(orders / "workflow/order.asl.json", ("Confirm order", "Accept order"), (f"${{{NEW}}}", f"${{{OLD}}}"))
    _edit(orders / "rehearsal/ways.toml", ("Confirm order", "Accept order"))


def answer_within(checkout: Path, seconds: int) -> None:
    """Change the timeout of a wait, and let a choice accept a value that nothing sends yet."""
    workflow = checkout / "contexts/orders/workflow/order.asl.json"
    known = '{ "Variable": "$.outcome.decision", "StringEquals": "rejected"'
    another = known.replace("rejected", "escalated") + ', "Next": "Reject order" },\n        '
    _edit(
        workflow,
        (f"        {known}", f"        {another}{known}"),
        ('"TimeoutSeconds": 5400', f'"TimeoutSeconds": {seconds}'),
    )


def _edit(file: Path, *changes: tuple[str, str]) -> None:
    text = file.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, f"{file} has no {old!r}"
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")
