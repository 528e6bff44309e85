"""A function for each step of the workflow, with the permissions that the step needs and no more."""

from collections.abc import Mapping
from typing import Any

from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from constructs import Construct

from contexts.orders.infrastructure.database import OrdersTable
from contexts.orders.infrastructure.parameters import OrdersParameters
from contexts.orders.infrastructure.topic import RestaurantsTopic
from contexts.orders.published_events import SOURCE
from contexts.orders.workflow.steps import STEPS, Step
from shared.infrastructure.context_function import ContextFunction
from shared.infrastructure.deployment import Deployment
from shared.infrastructure.mailing import Mailing

TIMEOUT_SECONDS = 20  # less than the 30 s after which the workflow gives a step up


class OrderSteps(Construct):
    """Makes the functions of steps.

    Without a `bus` they may not publish. `handlers_in` and `leave_out` are as in ContextFunction.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        deployment: Deployment,
        parameters: OrdersParameters,
        table: OrdersTable,
        bus: events.IEventBus | None,
        topic: RestaurantsTopic,
        handlers_in: str | None = None,
        leave_out: tuple[str, ...] = (),
    ) -> None:
        super().__init__(scope, id)
        self._deployment, self._parameters = deployment, parameters
        self._table, self._bus, self._topic = table, bus, topic
        self._handlers_in, self._leave_out = handlers_in, leave_out
        self.mailing = Mailing(
            self,
            "Mailing",
            deployment=deployment,
            context="orders",
            sender=parameters.sender,
            events=parameters.mail_events,
        )

    def step(
        self, name: str, environment: Mapping[str, str] | None = None, *, changes: bool = True, **options: Any
    ) -> ContextFunction:
        """Make a function that may read an order, publish its events under this context's source, and change it.

        With `changes=False` it may not write to the table.
        """
        function = ContextFunction(
            self,
            name.replace("_", " ").title().replace(" ", ""),
            deployment=self._deployment,
            context="orders",
            handler=name,
            handlers_in=self._handlers_in,
            leave_out=self._leave_out,
            timeout_seconds=TIMEOUT_SECONDS,
            environment={
                **self._table.environment,
                **({"BUS_NAME": self._bus.event_bus_name} if self._bus else {}),
                **(environment or {}),
            },
            **options,
        )
        self._table.let(function, "dynamodb:GetItem", *(["dynamodb:UpdateItem"] if changes else []))
        if self._bus:
            function.add_to_role_policy(
                iam.PolicyStatement(
                    actions=["events:PutEvents"],
                    resources=[self._bus.event_bus_arn],
                    conditions={"StringEquals": {"events:source": SOURCE}},
                )
            )
        return function

    def step_to_restaurants(self, name: str) -> ContextFunction:
        """Make the function of a step that also sends messages to restaurants."""
        timeout = str(self._parameters.accept_timeout)
        function = self.step(name, {"RESTAURANTS_TOPIC_ARN": self._topic.topic_arn, "ACCEPT_TIMEOUT_SECONDS": timeout})
        self._topic.let_publish(function)
        return function

    def step_to_customers(self, name: str) -> ContextFunction:
        """Make the function of a step that also sends e-mails, from the one sender to any address."""
        function = self.step(name)
        self.mailing.let_send(function)
        return function


class WorkflowSteps(OrderSteps):
    """The functions of all steps. `functions` maps the name of each step (handler file, use case) to its function."""

    def __init__(self, scope: Construct, id: str, **options: Any) -> None:
        super().__init__(scope, id, **options)
        self.functions: dict[str, ContextFunction] = {name: self._made(step) for name, step in STEPS.items()}

    def _made(self, step: Step) -> ContextFunction:
        if step.tells == "restaurant":
            return self.step_to_restaurants(step.name)
        if step.tells == "customer":
            return self.step_to_customers(step.name)
        return self.step(step.name, changes=step.changes)
