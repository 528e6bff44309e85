"""A function for each step of the workflow, with what that step needs and no more."""

from collections.abc import Mapping
from typing import Any, cast

from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from constructs import Construct

from contexts.orders.infrastructure.parameters import OrdersParameters
from contexts.orders.published_events import SOURCE
from shared.infrastructure.context_function import ContextFunction
from shared.infrastructure.deployment import Deployment

PLAIN_STEPS = (
    "place_order", "accept_order", "complete_order", "reject_order", "cancel_order",
    "expire_order", "time_out_order", "fail_order", "skip_notification",
)  # fmt: skip


class WorkflowSteps(Construct):
    """`functions` maps the name of each step (handler file, use case) to its function."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        deployment: Deployment,
        parameters: OrdersParameters,
        table: dynamodb.Table,
        bus: events.IEventBus,
        topic: sns.Topic,
    ) -> None:
        super().__init__(scope, id)
        self._deployment, self._table, self._bus = deployment, table, bus
        self._sender = parameters.sender
        self.functions: dict[str, ContextFunction] = {name: self.step(name) for name in PLAIN_STEPS}
        notify_restaurant = self.step(
            "notify_restaurant",
            {"RESTAURANTS_TOPIC_ARN": topic.topic_arn, "ACCEPT_TIMEOUT_SECONDS": str(parameters.accept_timeout)},
        )
        topic.grant_publish(notify_restaurant)
        notify_user = self.step("notify_user", {"SENDER": parameters.sender})
        self.let_send_mail(notify_user)
        self.functions |= {"notify_restaurant": notify_restaurant, "notify_user": notify_user}

    def step(self, name: str, environment: Mapping[str, str] | None = None) -> ContextFunction:
        """A function that may read and update an order, and publish what happened to it under this context's source."""
        function = ContextFunction(
            self,
            name.replace("_", " ").title().replace(" ", ""),
            deployment=self._deployment,
            context="orders",
            handler=name,
            timeout_seconds=20,  # within the 30 s that the workflow waits for it
            environment={
                "ORDERS_TABLE": self._table.table_name,
                "BUS_NAME": self._bus.event_bus_name,
                **(environment or {}),
            },
        )
        self._table.grant(cast(Any, function), "dynamodb:GetItem", "dynamodb:UpdateItem")
        function.add_to_role_policy(
            iam.PolicyStatement(
                actions=["events:PutEvents"],
                resources=[self._bus.event_bus_arn],
                conditions={"StringEquals": {"events:source": SOURCE}},
            )
        )
        return function

    def let_send_mail(self, function: ContextFunction) -> None:
        """From the one sender, to anybody."""
        function.add_to_role_policy(
            iam.PolicyStatement(
                actions=["ses:SendEmail"],
                resources=["*"],  # in the SES sandbox the recipient's identity is checked as well
                conditions={"StringEquals": {"ses:FromAddress": self._sender}},
            )
        )
