"""Puts promotions together, on first use: settings are read and clients made once, and never at import."""

import os
from functools import cache

from contexts.promotions.adapters import aws
from contexts.promotions.adapters.dynamodb_vouchers import DynamoDbVouchers
from contexts.promotions.adapters.random_codes import RandomCodes
from contexts.promotions.adapters.ses_mail import SesMail
from contexts.promotions.adapters.system_clock import SystemClock
from contexts.promotions.application.issue_voucher import IssueVoucher
from contexts.promotions.settings import Settings, voucher_policy


@cache
def issue_voucher() -> IssueVoucher:
    settings = Settings.read(os.environ)
    return IssueVoucher(
        policy=voucher_policy(),
        vouchers=DynamoDbVouchers(aws.dynamodb(), settings.vouchers_table),
        codes=RandomCodes(),
        mail=SesMail(aws.ses(), settings.sender),
        clock=SystemClock(),
    )
