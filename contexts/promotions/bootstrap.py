"""The composition root: chooses the adapter behind each port. Built once per function, each adapter on first use."""

import os
from functools import cache, cached_property

from contexts.promotions.adapters import aws
from contexts.promotions.adapters.dynamodb_counted_orders import DynamoDBCountedOrders
from contexts.promotions.adapters.dynamodb_email_claims import DynamoDBEmailClaims
from contexts.promotions.adapters.random_codes import RandomCodes
from contexts.promotions.adapters.ses_mail import SESMail
from contexts.promotions.adapters.system_clock import SystemClock
from contexts.promotions.application.ports import Clock, Codes, CountedOrders, EmailClaims, Mail
from contexts.promotions.domain.policy import VoucherPolicy
from contexts.promotions.settings import Settings
from contexts.promotions.settings.policy_file import voucher_policy


class Production:
    """Implements application.ports.Ports."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def policy(self) -> VoucherPolicy:
        return voucher_policy()

    @cached_property
    def orders(self) -> CountedOrders:
        return DynamoDBCountedOrders(aws.dynamodb(), self.settings.vouchers_table, self.settings.loyalty_table)

    @cached_property
    def codes(self) -> Codes:
        return RandomCodes()

    @cached_property
    def claims(self) -> EmailClaims:
        return DynamoDBEmailClaims(aws.dynamodb(), self.settings.vouchers_table)

    @cached_property
    def mail(self) -> Mail:
        return SESMail(aws.ses(), self.settings.sender, self.settings.configuration_set)

    @cached_property
    def clock(self) -> Clock:
        return SystemClock()


@cache
def production() -> Production:
    """Return the ports that the handler uses: one object per process."""
    return Production(Settings.of(os.environ))


def ready(*ports: str) -> None:
    """Build the named ports in Lambda's init phase, because an invocation has less CPU than init.

    Anywhere else it builds nothing, so importing the handler in a test opens no client.
    """
    if "AWS_LAMBDA_INITIALIZATION_TYPE" in os.environ:
        for port in ports:
            getattr(production(), port)
