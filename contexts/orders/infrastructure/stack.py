"""The orders stack: the only one that orchestrates, and the only one that may put events on the shared bus."""

from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_events as events
from constructs import Construct

from contexts.orders.infrastructure import outputs, signals
from contexts.orders.infrastructure.api import OrdersApi
from contexts.orders.infrastructure.api_function import api_function
from contexts.orders.infrastructure.closing import OrderClosing
from contexts.orders.infrastructure.database import OrdersTable
from contexts.orders.infrastructure.parameters import OrdersParameters
from contexts.orders.infrastructure.steps import WorkflowSteps
from contexts.orders.infrastructure.topic import RestaurantsTopic
from contexts.orders.infrastructure.workflow import OrderWorkflow, ended
from shared.infrastructure.deployment import Deployment
from shared.infrastructure.interface import as_interface
from shared.infrastructure.monitoring import Monitoring
from shared.infrastructure.signals import of_function
from shared.said_by_stacks import SETTINGS


class OrdersStack(Stack):
    """Wires the constructs of orders. It knows the shared bus by name, and no other context at all."""

    def __init__(
        self, scope: Construct, id: str, *, deployment: Deployment, parameters: OrdersParameters, **kwargs: Any
    ) -> None:
        super().__init__(scope, id, **kwargs)
        self.add_metadata(SETTINGS, parameters.told)
        table = OrdersTable(self, "Orders", deployment=deployment, retention_days=parameters.retention_days)
        topic = RestaurantsTopic(self, "Restaurants", deployment=deployment)
        steps, workflow = self._orchestration(deployment, parameters=parameters, table=table, topic=topic)
        state_machine = workflow.state_machine
        close_order = steps.step_to_customers("close_order")
        closing = OrderClosing(
            self,
            "Closing",
            deployment=deployment,
            ended=ended(state_machine),
            executions={"STATE_MACHINE_ARN": state_machine.state_machine_arn},
            table=table,
            close_order=close_order,
            lasts_at_most=parameters.order_timeout,
        )
        state_machine.grant(as_interface(closing.reconcile_orders), "states:ListExecutions")
        function = api_function(
            self,
            deployment=deployment,
            parameters=parameters,
            table=table,
            executions={"STATE_MACHINE_ARN": state_machine.state_machine_arn},
        )
        # Granted by name, because the CDK's grants would also let the API fail tasks and send heartbeats.
        state_machine.grant(as_interface(function), "states:StartExecution", "states:SendTaskSuccess")
        api = OrdersApi(self, "Gateway", deployment=deployment, function=function, logs=parameters.api_logs)
        Monitoring(
            self,
            "Monitoring",
            deployment=deployment,
            context="orders",
            watched=[
                *signals.of_api(api),
                *signals.of_workflow(state_machine),
                *signals.of_closing(closing, deployment),
                *signals.of_reconciliation(closing, deployment),
                *signals.of_people(deployment, topic),
                *steps.mailing.watched(),
                *of_function(function),
                *of_function(close_order),
                *of_function(closing.reconcile_orders),
                *(line for step in steps.functions.values() for line in of_function(step, retried=True)),
            ],
        )
        outputs.tell(
            self,
            deployment,
            parameters,
            api=api,
            table=table,
            topic=topic,
            StateMachineArn=state_machine.state_machine_arn,
            ReconcileFunctionName=closing.reconcile_orders.function_name,
            ClosingQueueUrl=closing.queue.queue_url,
            ClosingDeadLetterQueueUrl=closing.dead_letters.queue_url,
            ClosingFunctionName=close_order.function_name,
        )

    def _orchestration(
        self, deployment: Deployment, *, topic: RestaurantsTopic, **common: Any
    ) -> tuple[WorkflowSteps, OrderWorkflow]:
        """Build the step functions and the workflow that calls them. An example overrides this with its own."""
        bus = events.EventBus.from_event_bus_name(self, "Bus", deployment.bus_name)
        steps = WorkflowSteps(self, "Steps", deployment=deployment, bus=bus, topic=topic, **common)
        return steps, OrderWorkflow(self, "Workflow", deployment=deployment, steps=steps, **common)
