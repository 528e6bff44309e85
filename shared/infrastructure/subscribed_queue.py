"""A context's subscription to the bus: its own rule, queue and dead-letter queue in front of one function."""

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

# A message keeps its age when it moves to the dead-letter queue, so that queue keeps messages longer: one that arrives
# at the last moment still stays for a week.
RETENTION = Duration.days(7)
DEAD_LETTER_RETENTION = Duration.days(14)
# AWS's recommendation: time for retries of a throttled batch before it is delivered again.
VISIBILITY_PER_TIMEOUT = 6
SHORTEST_WINDOW = 1  # seconds; Lambda requires a window for batches of more than ten messages


class Redelivery(NamedTuple):
    """The seconds after which a failed message is delivered again, and those for which a batch waits to be filled."""

    hidden_seconds: int
    window_seconds: int


def redelivery(
    deployment: Deployment, function: lambda_.Function, *, tries: int, window_seconds: int = 0
) -> Redelivery:
    """Return the times that AWS recommends, or shorter ones if the deployment sets `dead_letter_seconds`.

    Shorter ones also shorten the function's timeout, because on AWS a queue must hide a message for at least as long as
    its function and the window take together.
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
    """Make a queue and its dead-letter queue. A message waits for a week while its function fails."""
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
    """Delivers the events that match a pattern to a function, through a queue that keeps them while the function fails.

    A message that fails `max_receive_count` times, and an event that the bus can't deliver, wait in the dead-letter
    queue. The function answers with a partial batch response (`batchItemFailures`), so only failed messages come again.

    `name` is the context and the subscription's own name ("promotions-completed-orders"); the rule, the queues and the
    alarms are named after it. Its signals are in signals.py.
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
        """Add the outputs by which people and tools find this subscription in its deployed stack."""
        CfnOutput(stack, "QueueUrl", value=self.queue.queue_url)
        CfnOutput(stack, "DeadLetterQueueUrl", value=self.dead_letter_queue.queue_url)
        CfnOutput(stack, "FunctionName", value=self.function.function_name)
        CfnOutput(stack, "RuleName", value=self.rule_name)
