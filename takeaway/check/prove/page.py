"""The page beside the evidence, for people; programs read the JSON."""

from collections.abc import Iterator

from takeaway.check.prove.record import EMBEDDED, Evidence, Step
from takeaway.markdown import table

NOT_AWS = {
    EMBEDDED: "The engine is MiniStack, on one machine: nothing here is AWS.",
    "localstack": "The engine is LocalStack, on one machine: nothing here is AWS.",
}
ON_AWS = (
    "On AWS. E-mails are in mailboxes and not looked at. The stacks are destroyed; what `cdk bootstrap` made, and the assets "
    "in its bucket, stay."
)


def page(evidence: Evidence) -> str:
    return "\n".join([*_lines(evidence)]) + "\n"


def _lines(evidence: Evidence) -> Iterator[str]:
    how = "complete" if evidence.complete else f"**incomplete: {evidence.ended_by}**"
    yield f"# What `takeaway prove` saw on {evidence.versions.get('engine') or evidence.engine}, {evidence.began_at:%Y-%m-%d}"
    yield ""
    yield f"{NOT_AWS.get(evidence.engine, ON_AWS)} The run is {how}. Written by it, with [the same as JSON]({evidence.name}.json)."
    yield ""
    yield table(["made of", "version"], evidence.versions.items())
    yield ""
    yield "## Steps"
    yield ""
    yield table(["step", "from", "took", "what came of it"], map(_row, evidence.steps), right=(2,))
    yield ""
    yield "## Orders"
    yield ""
    orders = (order for step in evidence.steps for order in step.orders)
    yield table(
        ["way", "order", "status", "workflow", "events", "vouchers"],
        ([o.way, o.order_id, o.status, o.workflow, ", ".join(o.events), str(o.vouchers)] for o in orders),
    )
    yield ""
    yield "## What differed from the embedded engine"
    yield ""
    yield from _differences(evidence)
    if evidence.left:
        yield ""
        yield "## What could not be destroyed"
        yield ""
        yield from (f"- {what}" for what in evidence.left)


def _row(step: Step) -> tuple[str, ...]:
    told = [f"{name} {value}" for name, value in (*step.ids.items(), *step.figures.items())]
    told += [f"skipped: {step.skipped}"] if step.skipped else []
    told += [f"**{what}**" for what in step.wrong]
    return step.name, f"{step.began_at:%H:%M:%S}", f"{step.seconds} s", "; ".join(told)


def _differences(evidence: Evidence) -> Iterator[str]:
    if evidence.engine == EMBEDDED:
        yield "This is the embedded engine: others are held against it."
    elif not evidence.compared_with:
        yield "Not known: there is no evidence of the embedded engine to hold it against."
    elif not evidence.differs:
        yield f"Nothing: statuses, events, vouchers and figures are those of [{evidence.compared_with}]({evidence.compared_with}.md)."
    else:
        yield f"Held against [{evidence.compared_with}]({evidence.compared_with}.md):"
        yield ""
        yield from (f"- {what}" for what in evidence.differs)
