"""Write the evidence as a Markdown page for people; programs read the JSON."""

from takeaway.check.prove.record import EMBEDDED, Evidence, Step
from takeaway.markdown import table

NOT_AWS = "An engine on one machine: nothing here is from AWS."
ON_AWS = (
    "On AWS. E-mails are in mailboxes and not looked at. The stacks are destroyed; what `cdk bootstrap` made, and the "
    "assets in its bucket, stay."
)


def page(evidence: Evidence) -> str:
    how = "complete" if evidence.complete else f"**incomplete: {evidence.ended_by}**"
    where = ON_AWS if evidence.engine == "aws" else NOT_AWS
    orders = [order for step in evidence.steps for order in step.orders]
    engine = evidence.versions.get("engine", evidence.engine)
    parts = [
        f"# What `takeaway prove` saw on {engine}, {evidence.began_at:%Y-%m-%d}",
        f"{where} The run is {how}. Written by it, with [the same as JSON]({evidence.name}.json); times are UTC.",
        table(["made of", "version"], evidence.versions.items()),
        "## Steps",
        table(["step", "from", "took", "what came of it"], map(_row, evidence.steps), right=(2,)),
        "## Orders",
        table(
            ["way", "order", "status", "workflow", "events", "vouchers"],
            ([o.way, o.order_id, o.status, o.workflow, ", ".join(o.events), str(o.vouchers)] for o in orders),
        ),
        "## What differed from the embedded engine",
        _differences(evidence),
    ]
    if evidence.left:
        parts += ["## What could not be destroyed", _listed(evidence.left)]
    return "\n\n".join(parts) + "\n"


def _row(step: Step) -> tuple[str, ...]:
    told = [f"{name} {value}" for name, value in (*step.ids.items(), *step.figures.items())]
    told += [f"{len(step.orders)} orders, below"] if step.orders else []
    told += [f"skipped: {step.skipped}"] if step.skipped else []
    told += [f"**{what}**" for what in step.wrong]
    return step.name, f"{step.began_at:%H:%M:%S}", f"{step.seconds} s", "; ".join(told)


def _differences(evidence: Evidence) -> str:
    if evidence.engine == EMBEDDED:
        return "This is the embedded engine: others are held against it."
    if not evidence.compared_with:
        return "Not known: there is no evidence of the embedded engine to hold it against."
    against = f"Held against `docs/evidence/{evidence.compared_with}`"
    if not evidence.differs:
        return f"{against}: nothing. Statuses, events, vouchers and figures are the same."
    return f"{against}:\n\n{_listed(evidence.differs)}"


def _listed(sentences: list[str]) -> str:
    return "\n".join(f"- {each}" for each in sentences)
