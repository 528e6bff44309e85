"""The stack of promotions: tables of vouchers and loyalty, a function that fills them, a subscription that feeds it."""

from typing import Any

from aws_cdk import Stack
from constructs import Construct

from contexts.promotions.infrastructure import signals, subscriptions
from contexts.promotions.infrastructure.settings import settings
from contexts.promotions.infrastructure.tables import loyalty_table, vouchers_table
from contexts.promotions.settings.policy_file import InvalidPolicyFile, voucher_policy
from shared.infrastructure.context_function import ContextFunction
from shared.infrastructure.deployment import Deployment
from shared.infrastructure.mailing import Mailing
from shared.infrastructure.monitoring import Monitoring
from shared.infrastructure.outputs import add_outputs
from shared.infrastructure.signals import of_function, of_subscription
from shared.refusals import Refusal
from shared.said_by_stacks import SETTINGS

# Long enough for a batch of ten messages, each with at most two reads, a transaction, two updates and an e-mail. A
# batch that takes longer loses nothing: finished orders are recorded, the others are delivered again. Shorter than a
# claim on an e-mail (LEASE in application/send_voucher.py, 60 s), so that nobody else sends while a function sends. The
# claim of a crashed function has run out (30 + 60 s after its delivery at the latest) when its messages come again,
# after the visibility timeout of 180 s.
TIMEOUT_SECONDS = 30


class PromotionsStack(Stack):
    """Wires the constructs of promotions. It knows the bus by its name, and nothing of the rest of the system."""

    def __init__(
        self, scope: Construct, id: str, *, deployment: Deployment, sender: str, mail_events: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(scope, id, **kwargs)
        try:
            self.add_metadata(SETTINGS, settings(voucher_policy()))  # a mistake in the policy ends the synthesis
        except InvalidPolicyFile as error:
            raise Refusal(str(error)) from None
        vouchers = vouchers_table(self, deployment)
        loyalty = loyalty_table(self, deployment)
        issue_voucher = ContextFunction(
            self,
            "IssueVoucher",
            deployment=deployment,
            context="promotions",
            handler="issue_voucher",
            environment={"VOUCHERS_TABLE": vouchers.table_name, "LOYALTY_TABLE": loyalty.table_name},
            timeout_seconds=TIMEOUT_SECONDS,
        )
        # A transaction needs the permissions of its parts.
        vouchers.let(issue_voucher, "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem")
        loyalty.let(issue_voucher, "dynamodb:GetItem", "dynamodb:UpdateItem")
        mailing = Mailing(
            self, "Mailing", deployment=deployment, context="promotions", sender=sender, events=mail_events
        )
        mailing.let_send(issue_voucher)
        subscription = subscriptions.completed_orders(self, deployment=deployment, function=issue_voucher)
        Monitoring(
            self,
            "Monitoring",
            deployment=deployment,
            context="promotions",
            watched=[
                *signals.of_vouchers(deployment, subscription),
                *of_subscription(subscription),
                *of_function(issue_voucher),
                *mailing.watched(),
            ],
        )
        add_outputs(self, {"VouchersTable": vouchers.table_name, "LoyaltyTable": loyalty.table_name})
        subscription.add_outputs(self)
