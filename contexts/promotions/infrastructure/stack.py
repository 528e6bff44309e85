"""The stack of promotions: a table of vouchers, a function that issues them, a subscription that feeds it."""

from typing import Any

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from constructs import Construct

from contexts.promotions.infrastructure import subscriptions
from shared.infrastructure.context_function import ContextFunction
from shared.infrastructure.deployment import Deployment


class PromotionsStack(Stack):
    """Knows the bus by its name, and of the rest of the system nothing."""

    def __init__(
        self, scope: Construct, id: str, *, deployment: Deployment, bus_name: str, sender: str, **kwargs: Any
    ) -> None:
        super().__init__(scope, id, **kwargs)
        vouchers = dynamodb.Table(
            self,
            "Vouchers",
            table_name=f"{deployment.prefix}-vouchers",
            partition_key=dynamodb.Attribute(name="order_id", type=dynamodb.AttributeType.STRING),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            time_to_live_attribute="expires_at",
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            deletion_protection=deployment.is_production,
            removal_policy=deployment.removal_policy,
        )
        issue_voucher = ContextFunction(
            self,
            "IssueVoucher",
            deployment=deployment,
            context="promotions",
            handler="issue_voucher",
            environment={"VOUCHERS_TABLE": vouchers.table_name, "SENDER": sender},
            # A whole batch, each message with a read, two writes and an e-mail.
            timeout_seconds=30,
        )
        vouchers.grant(issue_voucher, "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem")
        issue_voucher.add_to_role_policy(
            iam.PolicyStatement(
                actions=["ses:SendEmail"],
                # While an account is in SES's sandbox, SES checks the recipient's identity as well as the sender's.
                resources=[self.format_arn(service="ses", resource="identity", resource_name="*")],
                conditions={"StringEquals": {"ses:FromAddress": sender}},
            )
        )
        subscription = subscriptions.completed_orders(
            self, deployment=deployment, bus_name=bus_name, function=issue_voucher
        )
        CfnOutput(self, "VouchersTable", value=vouchers.table_name)
        subscription.add_outputs(self)
