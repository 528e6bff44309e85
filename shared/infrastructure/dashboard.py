"""A context's dashboard: the state of its alarms, then a graph for each group of lines, with their thresholds."""

from collections.abc import Sequence
from typing import cast

from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from shared.infrastructure.interface import as_interface
from shared.infrastructure.watched import Line, Signal

WHOLE, HALF = 24, 12  # columns


class ContextDashboard(cloudwatch.Dashboard):
    """The dashboard. Graphs come in the order of their first lines."""

    def __init__(
        self, scope: Construct, id: str, *, name: str, lines: Sequence[Line], alarms: Sequence[cloudwatch.Alarm]
    ) -> None:
        super().__init__(scope, id, dashboard_name=name)
        status = cloudwatch.AlarmStatusWidget(
            title="Alarms", alarms=as_interface(list(alarms)), width=WHOLE, height=2 + len(alarms) // 4
        )
        graphs: dict[str, list[Line]] = {}
        for line in lines:
            graphs.setdefault(line.graph, []).append(line)
        self.add_widgets(status)
        self.add_widgets(*(_graph(title, drawn) for title, drawn in graphs.items()))


def _graph(title: str, lines: Sequence[Line]) -> cloudwatch.IWidget:
    marks = {line.threshold: line for line in lines if isinstance(line, Signal)}
    return cast(
        cloudwatch.IWidget,
        cloudwatch.GraphWidget(
            title=title,
            left=[line.metric.with_(label=line.label) for line in lines],
            left_annotations=[
                cloudwatch.HorizontalAnnotation(
                    value=threshold, label="alarm below" if signal.below else "alarm", color=cloudwatch.Color.RED
                )
                for threshold, signal in marks.items()
            ],
            left_y_axis=cloudwatch.YAxisProps(min=0, show_units=False),
            width=HALF,
        ),
    )
