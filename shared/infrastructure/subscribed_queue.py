"""How a context listens to the bus: its own rule, queue and dead-letter queue in front of one function."""

import math
from typing import Any, NamedTuple, cast

from aws_cdk import CfnOutput, Duration, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from shared.infrastructure.deployment import Deployment
from shared.infrastructure.interface import as_interface

# A message keeps its age when it moves to the dead-letter queue, so that queue must keep longer: what comes there
# at the last moment still leaves a week to look at it.
RETENTION = Duration.days(7)
DEAD_LETTER_RETENTION = Duration.days(14)
# The service's own recommendation: room for a function's retries of a throttled batch before it is delivered again.
VISIBILITY_PER_TIMEOUT = 6
SHORTEST_WINDOW = 1  # of a batch of more than ten messages


class Redelivery(NamedTuple):
    """After how long a message that failed comes again, and how long a batch may wait to be filled."""

    hidden_seconds: int
    window_seconds: int


def redelivery(
    deployment: Deployment, function: lambda_.Function, *, tries: int, window_seconds: int = 0
) -> Redelivery:
    """As AWS recommends; or so that a message that always fails is given up as soon as the deployment says.

    Then its function may take no longer than a message is hidden, with the time in which its batch is filled: on AWS no
    queue hides it for less.
    """
    timeout = int((function.timeout or Duration.seconds(3)).to_seconds())
    if deployment.dead_letter_seconds is None:
        return Redelivery(VISIBILITY_PER_TIMEOUT * timeout + window_seconds, window_seconds)
    window = min(window_seconds, SHORTEST_WINDOW)
    hidden = max(math.ceil(deployment.dead_letter_seconds / tries), window + 1)
    cast(lambda_.CfnFunction, function.node.default_child).timeout = min(timeout, hidden - window)
    return Redelivery(hidden, window)


def queues(
    scope: Construct, name: str, visibility_seconds: float, max_receive_count: int
) -> tuple[sqs.Queue, sqs.Queue]:
    """A queue that outlives the bad days of who reads it, and that of its dead letters."""
    kept_safe: dict[str, Any] = {"encryption": sqs.QueueEncryption.SQS_MANAGED, "enforce_ssl": True}
    dead_letters = sqs.Queue(
        scope, "DeadLetters", queue_name=f"{name}-dlq", retention_period=DEAD_LETTER_RETENTION, **kept_safe
    )
    queue = sqs.Queue(
        scope,
        "Queue",
        queue_name=name,
        retention_period=RETENTION,
        visibility_timeout=Duration.seconds(visibility_seconds),
        dead_letter_queue=sqs.DeadLetterQueue(queue=dead_letters, max_receive_count=max_receive_count),
        **kept_safe,
    )
    return queue, dead_letters


class SubscribedQueue(Construct):
    """Delivers the events that match a pattern to a function, through a queue that outlives the function's bad days.

    A message that fails `max_receive_count` times, and an event that the bus cannot deliver, wait in the dead-letter
    queue. The function reports which messages of a batch failed (`batchItemFailures`); the others are done.
    `name` is that of the context, and what it listens to ("promotions-completed-orders"): the rule, the queues and the
    alarms are named by it. What there is to watch of it is in signals.py.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        deployment: Deployment,
        name: str,
        event_pattern: events.EventPattern,
        function: lambda_.Function,
        max_receive_count: int = 5,
        batch_size: int = 10,
        batching_window_seconds: int = 0,
        max_concurrency: int | None = None,
    ) -> None:
        super().__init__(scope, id)
        self.function = function
        self.bus_name = deployment.bus_name
        self.max_receive_count = max_receive_count
        self.short_name = name.partition("-")[2]  # within its context
        self.rule_name = f"{deployment.prefix}-{name}"
        hidden, window = redelivery(
            deployment, function, tries=max_receive_count, window_seconds=batching_window_seconds
        )
        self.queue, self.dead_letter_queue = queues(self, self.rule_name, hidden, max_receive_count)
        self.rule = events.Rule(
            self,
            "Rule",
            rule_name=self.rule_name,
            description=f"What {name} listens to",
            event_bus=events.EventBus.from_event_bus_name(self, "Bus", self.bus_name),
            event_pattern=event_pattern,
            targets=[as_interface(targets.SqsQueue(self.queue, dead_letter_queue=self.dead_letter_queue))],
        )
        function.add_event_source(
            sources.SqsEventSource(
                self.queue,
                batch_size=batch_size,
                max_batching_window=Duration.seconds(window),
                max_concurrency=max_concurrency,
                report_batch_item_failures=True,
            )
        )

    def add_outputs(self, stack: Stack) -> None:
        """The outputs by which people and tools find this subscription in its deployed stack."""
        CfnOutput(stack, "QueueUrl", value=self.queue.queue_url)
        CfnOutput(stack, "DeadLetterQueueUrl", value=self.dead_letter_queue.queue_url)
        CfnOutput(stack, "FunctionName", value=self.function.function_name)
        CfnOutput(stack, "RuleName", value=self.rule_name)
