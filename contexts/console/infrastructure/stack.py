"""The console's stack: a journal, a function that writes it, and the subscriptions that feed the function."""

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
READABLE = {"metadata": {"breaks": [{"exists": False}]}}  # without it an event in two versions is recorded twice


class ConsoleStack(Stack):
    """Wires the constructs of the console.

    It knows the bus and the restaurants' topic by their names, and nothing of the rest of the system. Deploy it after
    the orders stack, because the topic must exist when it is subscribed to.
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
            timeout_seconds=30,  # for a whole batch, with a write per message
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
    """Make the table, with entries by order for `takeaway journey` and an index by day for `takeaway events`.

    A day is spread over several keys.
    """
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
