"""Puts promotions together, on first use: settings are read and clients made once, and never at import."""

import os
from functools import cache

from contexts.promotions.adapters import aws
from contexts.promotions.adapters.dynamodb_counted_orders import DynamoDBCountedOrders
from contexts.promotions.adapters.dynamodb_email_claims import DynamoDBEmailClaims
from contexts.promotions.adapters.random_codes import RandomCodes
from contexts.promotions.adapters.ses_mail import SESMail
from contexts.promotions.adapters.system_clock import SystemClock
from contexts.promotions.application.issue_voucher import IssueVoucher
from contexts.promotions.application.send_voucher import SendVoucher
from contexts.promotions.settings import Settings
from contexts.promotions.settings.policy_file import voucher_policy


@cache
def issue_voucher() -> IssueVoucher:
    settings, clock = Settings.read(os.environ), SystemClock()
    return IssueVoucher(
        policy=voucher_policy(),
        orders=DynamoDBCountedOrders(aws.dynamodb(), settings.vouchers_table, settings.loyalty_table),
        codes=RandomCodes(),
        send=SendVoucher(
            claims=DynamoDBEmailClaims(aws.dynamodb(), settings.vouchers_table),
            mail=SESMail(aws.ses(), settings.sender),
            clock=clock,
        ),
        clock=clock,
    )
