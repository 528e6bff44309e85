"""Executions that end from outside (stopped, timed out, failed) are seen, and their orders closed."""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda_event_sources as event_sources
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from shared.infrastructure.context_function import ContextFunction
from shared.infrastructure.deployment import Deployment
from shared.infrastructure.interface import as_interface

MAX_RECEIVES = 5


class OrderClosing(Construct):
    """The default bus tells of the end of every execution; a queue keeps that until the order is closed."""

    def __init__(
        self, scope: Construct, id: str, *, deployment: Deployment, state_machine_arn: str, close_order: ContextFunction
    ) -> None:
        super().__init__(scope, id)
        prefix = f"{deployment.prefix}-orders-closing"
        self.dead_letters = sqs.Queue(
            self, "DeadLetters", queue_name=f"{prefix}-dlq", retention_period=Duration.days(14), enforce_ssl=True
        )
        self.queue = sqs.Queue(
            self,
            "Queue",
            queue_name=prefix,
            visibility_timeout=Duration.seconds(120),
            enforce_ssl=True,
            dead_letter_queue=sqs.DeadLetterQueue(queue=self.dead_letters, max_receive_count=MAX_RECEIVES),
        )
        self.rule_name = f"{prefix}-execution-ended"
        events.Rule(
            self,
            "ExecutionEnded",
            rule_name=self.rule_name,
            description="An execution ended without reaching an end of the workflow",
            event_pattern=events.EventPattern(
                source=["aws.states"],
                detail_type=["Step Functions Execution Status Change"],
                detail={"stateMachineArn": [state_machine_arn], "status": ["FAILED", "TIMED_OUT", "ABORTED"]},
            ),
            targets=[as_interface(targets.SqsQueue(self.queue, dead_letter_queue=self.dead_letters))],
        )
        close_order.add_event_source(
            as_interface(event_sources.SqsEventSource(self.queue, batch_size=10, report_batch_item_failures=True))
        )
