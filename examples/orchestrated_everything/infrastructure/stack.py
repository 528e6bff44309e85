"""The stack of orders that orchestrates everything: the orders stack with other steps and another workflow."""

from pathlib import Path
from typing import Any

from aws_cdk import CfnOutput
from aws_cdk import aws_iam as iam

from contexts.orders.infrastructure.stack import OrdersStack
from contexts.orders.infrastructure.steps import WorkflowSteps
from contexts.orders.infrastructure.topic import RestaurantsTopic
from contexts.orders.infrastructure.workflow import OrderWorkflow
from examples.orchestrated_everything.infrastructure.neighbours import function_arns
from shared.infrastructure.deployment import Deployment

PACKAGE = "examples.orchestrated_everything"
DEFINITION = Path(__file__).parents[1] / "workflow" / "everything.asl.json"


class OrchestratedEverythingStack(OrdersStack):
    """Knows no bus, and every neighbour.

    It publishes nothing, so the neighbours' own subscriptions never receive an event.
    """

    def _orchestration(
        self, deployment: Deployment, *, topic: RestaurantsTopic, **common: Any
    ) -> tuple[WorkflowSteps, OrderWorkflow]:
        steps = WorkflowSteps(
            self, "Steps", bus=None, topic=topic, deployment=deployment, handlers_in=PACKAGE, **common
        )
        neighbours = function_arns(self, deployment)
        workflow = OrderWorkflow(
            self,
            "Workflow",
            steps=steps,
            file=DEFINITION,
            substitutions=neighbours,
            deployment=deployment,
            **common,
        )
        workflow.state_machine.add_to_role_policy(
            iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=list(neighbours.values()))
        )
        CfnOutput(self, "System", value="orchestrated")
        return steps, workflow
