"""The topic of a context's alarms, to which the people on duty subscribe."""

from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from shared.infrastructure.deployment import Deployment
from shared.infrastructure.interface import as_interface
from shared.infrastructure.told_topic import ToldTopic


class AlarmTopic(ToldTopic):
    """The topic `takeaway-<stage>-<context>-alarms`, to which the alarms of this account may publish.

    With the deployment's `alarm_email` the messages go to that address, once its owner has confirmed to SNS.
    """

    def __init__(self, scope: Construct, id: str, *, deployment: Deployment, context: str) -> None:
        super().__init__(
            scope,
            id,
            deployment=deployment,
            name=f"{context}-alarms",
            service="cloudwatch.amazonaws.com",
            about=f"Alarms of {context}",
            sid="Alarms",
        )
        if deployment.alarm_email:
            self.add_subscription(as_interface(subscriptions.EmailSubscription(deployment.alarm_email)))
