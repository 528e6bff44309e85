"""The event that triggers each step. These lines together are the whole flow, which is written down nowhere else."""

from collections.abc import Iterator

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_events as events

from contexts.orders.published_events import SOURCE
from examples.choreographed_orders.infrastructure.functions import ChoreographedFunctions
from shared.infrastructure.deployment import Deployment
from shared.infrastructure.subscribed_queue import SubscribedQueue

TRIGGERED_BY = {
    "notify_restaurant": ["order_placed"],
    "notify_user": ["order_accepted", "order_rejected", "order_cancelled"],
}
READABLE = {"metadata": {"breaks": [{"exists": False}]}}  # else a step would run once per version
TRIES = 5


def own_events(stack: Stack, *, deployment: Deployment, functions: ChoreographedFunctions) -> Iterator[SubscribedQueue]:
    """Yield the subscription of each step that reacts.

    The outputs of its queues are named after the step, by which tools find them.
    """
    for step, types in TRIGGERED_BY.items():
        name = step.replace("_", " ").title().replace(" ", "")
        subscription = SubscribedQueue(
            stack,
            f"{name}Queue",
            deployment=deployment,
            name=f"orders-{step.replace('_', '-')}",
            event_pattern=events.EventPattern(source=[SOURCE], detail_type=types, detail=READABLE),
            function=getattr(functions, step),
            max_receive_count=TRIES,
            batch_size=1,  # so that no order's e-mail waits for another's
        )
        CfnOutput(stack, f"{name}QueueUrl", value=subscription.queue.queue_url)
        CfnOutput(stack, f"{name}DeadLetterQueueUrl", value=subscription.dead_letter_queue.queue_url)
        CfnOutput(stack, f"{name}FunctionName", value=subscription.function.function_name)
        yield subscription
