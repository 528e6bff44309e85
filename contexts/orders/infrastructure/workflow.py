"""The state machine of orders: order.asl.json with the values of a deployment, and its permissions."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from contexts.orders.application.ports import ENDED
from contexts.orders.infrastructure.database import OrdersTable
from contexts.orders.infrastructure.parameters import OrdersParameters
from contexts.orders.infrastructure.steps import WorkflowSteps
from contexts.orders.workflow.steps import REQUESTS
from shared.infrastructure.deployment import Deployment
from shared.infrastructure.interface import as_interface
from shared.infrastructure.security_checks import accept, accept_tracing

NO_LOG = (
    "the history of an execution has everything for 90 days, and its functions log what they do; a log beside it would"
    " take eight permissions on `*`, one of which changes resource policies"
)
DEFINITION = Path(__file__).parents[1] / "workflow" / "order.asl.json"


def definition(file: Path, parameters: OrdersParameters) -> dict[str, Any]:
    """Read the definition, and replace the timeouts and retries in it by those of this deployment."""
    asl: dict[str, Any] = json.loads(file.read_text())
    asl["TimeoutSeconds"] = parameters.order_timeout  # a last resort: the states' timeouts are the deadlines
    asl["States"]["Await restaurant decision"]["TimeoutSeconds"] = parameters.accept_timeout
    asl["States"]["Await completion"]["TimeoutSeconds"] = parameters.delivery_timeout
    for retrier in (each for state in asl["States"].values() for each in state.get("Retry", ())):
        retrier["MaxAttempts"] = min(retrier["MaxAttempts"], parameters.most_retries)
    return asl


def ended(state_machine: sfn.StateMachine) -> events.EventPattern:
    """Return the pattern of the events about executions that ended from outside, which the default bus carries."""
    return events.EventPattern(
        source=["aws.states"],
        detail_type=["Step Functions Execution Status Change"],
        detail={"stateMachineArn": [state_machine.state_machine_arn], "status": [*ENDED]},
    )


class OrderWorkflow(Construct):
    """The state machine `takeaway-<stage>-orders`. An execution has its order's id as its name.

    `substitutions` fill names in the definition `file` that are neither a step nor the table.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        deployment: Deployment,
        parameters: OrdersParameters,
        table: OrdersTable,
        steps: WorkflowSteps,
        file: Path = DEFINITION,
        substitutions: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(scope, id)
        self.state_machine = sfn.StateMachine(
            self,
            "StateMachine",
            state_machine_name=f"{deployment.prefix}-orders",
            definition_body=sfn.DefinitionBody.from_string(json.dumps(definition(file, parameters))),
            definition_substitutions={
                "orders_table": table.table_name,
                **{name: function.function_arn for name, function in steps.functions.items()},
                **(substitutions or {}),
            },
            tracing_enabled=True,
        )
        accept(self.state_machine, "SF1", NO_LOG)
        accept_tracing(as_interface(self.state_machine.role))
        table.let(self.state_machine, *REQUESTS)
        # The CDK's `grant_invoke` would also allow versions and aliases, which these functions don't have.
        functions = [function.function_arn for function in steps.functions.values()]
        self.state_machine.add_to_role_policy(
            iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=functions)
        )
