"""Subscriptions that lose events unseen, or hear none, planted into the stacks."""

from typing import Any

from tests.between.architecture.planting import FUNCTION, QUEUE, RULE, Planted, Spoil, Spoilt, arn

ALARM, EVENT_SOURCE, SUBSCRIPTION = (
    "AWS::CloudWatch::Alarm", "AWS::Lambda::EventSourceMapping", "AWS::SNS::Subscription",
)  # fmt: skip
DEAD_LETTERS = "takeaway-dev-{}-dlq"


def without_queue(s: Spoilt) -> None:
    s.first("promotions", RULE)["Targets"] = [{"Arn": s.got("promotions", FUNCTION)}]


def without_dead_letters(s: Spoilt) -> None:
    for queue in s.of("promotions", QUEUE).values():
        queue.pop("RedrivePolicy", None)


def alarmed_by_something_else(s: Spoilt) -> None:
    for alarm in s.of("analytics", ALARM).values():
        alarm["MetricName"] = "NumberOfMessagesSent"


def hearing(**pattern: Any) -> Spoil:
    return lambda s: s.first("promotions", RULE)["EventPattern"].update(pattern)


PLANTED = [
    Planted("through-a-queue", without_queue, "which is no queue of its own stack"),
    Planted("through-a-queue", lambda s: s.remove("promotions", EVENT_SOURCE), "which no function reads"),
    Planted(
        "through-a-queue",
        lambda s: s.first("console", SUBSCRIPTION).update(Endpoint=arn("sqs", "a-queue-of-somebody")),
        "subscription to takeaway-dev-restaurants",
    ),
    Planted("dead-letters", without_dead_letters, "for what can't be handled"),
    Planted(
        "dead-letters",
        lambda s: s.first("orders", RULE)["Targets"][0].pop("DeadLetterConfig"),
        "for what can't be delivered",
    ),
    Planted("alarms", lambda s: s.remove("promotions", ALARM), DEAD_LETTERS.format("promotions-completed-orders")),
    Planted("alarms", alarmed_by_something_else, DEAD_LETTERS.format("analytics-all-events")),
    Planted("something-published", hearing(source=["takeaway.order"]), "nobody publishes that"),
    Planted("something-published", hearing(**{"detail-type": ["order_complete"]}), "listens to order_complete"),
    Planted("something-published", lambda s: s.remove("promotions", RULE), "its stack listens to none"),
]
