"""What a context watches of itself: lines of its dashboard, and those of them that set off an alarm."""

from dataclasses import dataclass

from aws_cdk import aws_cloudwatch as cloudwatch


@dataclass(frozen=True, kw_only=True)
class Line:
    """A metric, and the graph of the dashboard that it is drawn on: lines of one unit, that are looked at together."""

    graph: str
    label: str
    metric: cloudwatch.Metric | cloudwatch.MathExpression


@dataclass(frozen=True, kw_only=True)
class Signal(Line):
    """A line with a value from which somebody must know of it: that is an alarm, and a mark on the graph.

    The alarm is called `takeaway-<stage>-<context>-<name>`. `tells` is what has happened, in a clause. What to do is in
    the `section` of the context's runbook, which is called as the alarm unless several share one.

    Alarms are on plain metrics. One on an expression costs as much as one for each metric in it and does not say which
    of them it was; and not every engine has it.
    """

    name: str
    tells: str
    metric: cloudwatch.Metric  # without a label of its own: with one the CDK writes it as an expression
    section: str = ""
    threshold: float = 1
    below: bool = False  # too little is what is wrong
    periods: int = 1  # how many in a row
    # Most metrics count what went wrong: where nothing happened there is no datum, and nothing wrong.
    missing: cloudwatch.TreatMissingData = cloudwatch.TreatMissingData.NOT_BREACHING
