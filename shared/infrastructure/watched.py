"""Lines of a dashboard, and those of them that raise an alarm."""

from dataclasses import dataclass

from aws_cdk import aws_cloudwatch as cloudwatch


@dataclass(frozen=True, kw_only=True)
class Line:
    """A metric on a graph of the dashboard. A graph has lines of one unit that are looked at together."""

    graph: str
    label: str
    metric: cloudwatch.Metric | cloudwatch.MathExpression


@dataclass(frozen=True, kw_only=True)
class Signal(Line):
    """A line with a threshold: an alarm, and a mark on the graph.

    The alarm is called `takeaway-<stage>-<context>-<name>`. `tells` says in a clause what has happened. The `section`
    of the context's runbook says what to do; it is called like the alarm, unless several share one.

    Alarms are on plain metrics: one on an expression costs as much as an alarm for each metric in it, does not say
    which of them it was, and not every engine has it.
    """

    name: str
    tells: str
    metric: cloudwatch.Metric  # without a label of its own: with one the CDK writes it as an expression
    section: str = ""
    threshold: float = 1
    below: bool = False  # True: rings below the threshold
    periods: int = 1  # in a row, before it rings
    # Most metrics count faults, so no data means that there was none.
    missing: cloudwatch.TreatMissingData = cloudwatch.TreatMissingData.NOT_BREACHING
