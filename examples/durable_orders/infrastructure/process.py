"""The durable function that is the workflow, and by what it is invoked: an alias of its newest version.

An execution goes on with the version that it began with, so versions are kept when a newer one is deployed: an order
that is open ends by the code, and by the deadlines, that it was placed under.
"""

from aws_cdk import ArnFormat, Duration, RemovalPolicy, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from contexts.orders.infrastructure.parameters import OrdersParameters
from contexts.orders.infrastructure.steps import OrderSteps
from contexts.orders.infrastructure.topic import RestaurantsTopic
from examples.durable_orders.adapters.executions import ENDED
from shared.infrastructure.context_function import ContextFunction
from shared.infrastructure.deployment import Deployment
from shared.infrastructure.security_checks import accept

PACKAGE = "examples.durable_orders"
ALIAS = "live"
TIMEOUT_SECONDS = 120  # of one invocation: several steps, each of which gives up by itself after seconds
HISTORY = Duration.days(90)  # as long as Step Functions keeps a history, and as long as Lambda can
VERSIONS = "executions belong to versions, whose numbers nobody knows before"


class OrderProcess(Construct):
    """`function` may do what each step may, because they all run in it; `alias` is how it is invoked."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        deployment: Deployment,
        parameters: OrdersParameters,
        topic: RestaurantsTopic,
        steps: OrderSteps,
    ) -> None:
        super().__init__(scope, id)
        self.function: ContextFunction = steps.step(
            "process_order",
            {
                "RESTAURANTS_TOPIC_ARN": topic.topic_arn,
                "ACCEPT_TIMEOUT_SECONDS": str(parameters.accept_timeout),
                "DELIVERY_TIMEOUT_SECONDS": str(parameters.delivery_timeout),
                "MOST_RETRIES": str(parameters.most_retries),
            },
            requirements_of=PACKAGE,
            durable_config=lambda_.DurableConfig(
                execution_timeout=Duration.seconds(parameters.order_timeout), retention_period=HISTORY
            ),
            current_version_options=lambda_.VersionOptions(removal_policy=RemovalPolicy.RETAIN),
        )
        topic.let_publish(self.function)
        steps.mailing.let_send(self.function)
        # by its name: its own role can't be made after it, and before it
        name = f"{deployment.prefix}-orders-process-order:*"
        self._executions = Stack.of(self).format_arn(
            service="lambda", resource="function", resource_name=name, arn_format=ArnFormat.COLON_RESOURCE_NAME
        )
        self._finding = f"IAM5[Resource::arn:<AWS::Partition>:lambda:<AWS::Region>:<AWS::AccountId>:function:{name}]"
        self.let(self.function, "lambda:CheckpointDurableExecution", "lambda:GetDurableExecutionState")
        self.alias = lambda_.Alias(self, "Live", alias_name=ALIAS, version=self.function.current_version)
        self.environment = {"PROCESS_FUNCTION_ARN": self.alias.function_arn}

    def let(self, function: lambda_.Function, *actions: str) -> None:
        """On executions of whichever version."""
        function.add_to_role_policy(iam.PolicyStatement(actions=list(actions), resources=[self._executions]))
        accept(Stack.of(self), self._finding, VERSIONS)  # where the CDK makes the policy of a role

    def let_start(self, function: lambda_.Function) -> None:
        """An execution, of the version that the alias points at."""
        arn = self.alias.function_arn
        function.add_to_role_policy(iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=[arn]))

    @property
    def ended(self) -> events.EventPattern:
        """Return the pattern of the events about executions that ended from outside, which the default bus carries."""
        return events.EventPattern(
            source=["aws.lambda"],
            detail_type=["Durable Execution Status Change"],
            detail={
                "functionArn": events.Match.prefix(f"{self.function.function_arn}:"),
                "status": [*ENDED],
            },
        )
