"""Leave to send e-mails."""

from aws_cdk import Stack
from aws_cdk import aws_iam as iam

from shared.infrastructure.context_function import ContextFunction
from shared.infrastructure.interface import as_interface
from shared.infrastructure.security_checks import accept_recipients


def let_send_mail(function: ContextFunction, sender: str) -> None:
    """From the one sender, to anybody."""
    identities = Stack.of(function).format_arn(service="ses", resource="identity", resource_name="*")
    function.add_to_role_policy(
        iam.PolicyStatement(
            actions=["ses:SendEmail"],
            # While an account is in SES's sandbox, SES checks the recipient's identity as well as the sender's.
            resources=[identities],
            conditions={"StringEquals": {"ses:FromAddress": sender}},
        )
    )
    accept_recipients(as_interface(function.role))
