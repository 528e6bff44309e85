"""A context's monitoring: an alarm for each signal, one topic for all alarms, and a dashboard."""

from collections.abc import Iterable

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from constructs import Construct

from shared.infrastructure.alarm_topic import AlarmTopic
from shared.infrastructure.dashboard import ContextDashboard
from shared.infrastructure.deployment import Deployment
from shared.infrastructure.interface import as_interface
from shared.infrastructure.watched import Line, Signal

LOW, HIGH = (
    cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
    cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
)


class Monitoring(Construct):
    """Alarms and dashboard, made from one list so that every alarm can be seen as a graph.

    Each alarm's description ends with the address of its section of the runbook, `<runbooks>/<context>.md#<section>`.
    Alarms tell the topic `takeaway-<stage>-<context>-alarms`, also when all is well again. A dashboard costs as much as
    thirty alarms, so `dashboard=False` where nobody would look at one.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        deployment: Deployment,
        context: str,
        watched: Iterable[Line],
        dashboard: bool = True,
    ) -> None:
        super().__init__(scope, id)
        self._name = f"{deployment.prefix}-{context}"
        self._runbook = f"{deployment.runbooks}/{context}.md"
        lines = list(watched)
        tell = actions.SnsAction(as_interface(AlarmTopic(self, "Topic", deployment=deployment, context=context)))
        alarms = [self._alarm(line, tell) for line in lines if isinstance(line, Signal)]
        if dashboard:
            ContextDashboard(self, "Dashboard", name=self._name, lines=lines, alarms=alarms)

    def _alarm(self, signal: Signal, tell: actions.SnsAction) -> cloudwatch.Alarm:
        alarm = cloudwatch.Alarm(
            self,
            signal.name.title().replace("-", ""),
            alarm_name=f"{self._name}-{signal.name}",
            alarm_description=f"{signal.tells}. Runbook: {self._runbook}#{signal.section or signal.name}",
            metric=as_interface(signal.metric),
            threshold=signal.threshold,
            comparison_operator=LOW if signal.below else HIGH,
            evaluation_periods=signal.periods,
            treat_missing_data=signal.missing,
        )
        alarm.add_alarm_action(as_interface(tell))
        alarm.add_ok_action(as_interface(tell))
        return alarm
