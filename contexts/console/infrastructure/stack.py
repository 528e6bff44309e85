"""The console's stack: a journal, a function that writes it, and what feeds the function."""

from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from shared.infrastructure.context_function import ContextFunction
from shared.infrastructure.context_table import ContextTable, text
from shared.infrastructure.deployment import Deployment
from shared.infrastructure.interface import as_interface
from shared.infrastructure.monitoring import Monitoring
from shared.infrastructure.outputs import add_outputs
from shared.infrastructure.security_checks import accept
from shared.infrastructure.signals import of_function, of_subscription
from shared.infrastructure.subscribed_queue import SubscribedQueue

BY_DAY = "by-day"
READABLE = {"metadata": {"breaks": [{"exists": False}]}}  # what is published in a second version as well is heard once


class ConsoleStack(Stack):
    """Knows the bus and the restaurants' topic by their names, and of the rest of the system nothing.

    A topic must be there when it is subscribed to: deploy this one after the orders stack.
    """

    def __init__(self, scope: Construct, id: str, *, deployment: Deployment, topic_name: str, **kwargs: Any) -> None:
        super().__init__(scope, id, **kwargs)
        journal = _journal(self, deployment)
        record = ContextFunction(
            self,
            "RecordActivity",
            deployment=deployment,
            context="console",
            handler="record_activity",
            environment={"JOURNAL_TABLE": journal.table_name},
            timeout_seconds=30,  # a whole batch, a write each
        )
        journal.let(record, "dynamodb:PutItem")
        activity = SubscribedQueue(
            self,
            "Activity",
            deployment=deployment,
            name="console-activity",
            event_pattern=events.EventPattern(source=as_interface(events.Match.prefix("takeaway.")), detail=READABLE),
            function=record,
        )
        topic = sns.Topic.from_topic_arn(self, "Restaurants", self.format_arn(service="sns", resource=topic_name))
        topic.add_subscription(as_interface(subscriptions.SqsSubscription(as_interface(activity.queue))))
        Monitoring(
            self,
            "Monitoring",
            deployment=deployment,
            context="console",
            watched=[*of_subscription(activity), *of_function(record)],
            dashboard=False,
        )
        add_outputs(self, {"JournalTable": journal.table_name})
        activity.add_outputs(self)


def _journal(scope: Construct, deployment: Deployment) -> ContextTable:
    """By order for `takeaway journey`, by day (spread over several keys) for `takeaway events`."""
    table = ContextTable(
        scope,
        "Journal",
        name="journal",
        key="order_id",
        sort_key="entry",
        deployment=deployment,
        expires=True,
        restorable=False,
    )
    accept(table, "DDB3", "a window for people; a replay of the bus's archive fills it again")
    table.add_global_secondary_index(index_name=BY_DAY, partition_key=text("day"), sort_key=text("recorded"))
    return table
