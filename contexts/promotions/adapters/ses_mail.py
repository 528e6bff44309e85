"""The e-mail with a voucher, sent by SES."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import idna
from botocore.exceptions import BotoCoreError, ClientError
from iso4217 import Currency

from contexts.promotions.application.ports import MailNotSent, Recipient, Undeliverable
from contexts.promotions.domain.money import Money
from contexts.promotions.domain.voucher import Voucher

if TYPE_CHECKING:
    from types_boto3_ses import SESClient

# The greeting has no name, because promotions reads none of the customer's personal data but the address.
TEXT = """Hello,

{thanks} Here is a voucher for your next one:

    {code}

It takes {value} off and is valid until {until} (UTC).

Enjoy your meal!
Takeaway
"""
THANKS = "thank you for your order."
THANKS_FOR_LOYALTY = "this was your order number {number} with us: thank you for coming back!"


@dataclass(frozen=True)
class SESMail:
    """Implements the port Mail."""

    client: "SESClient"
    sender: str
    configuration_set: str | None = None

    def send(self, voucher: Voucher, to: Recipient) -> None:
        address = in_ascii(to.email)
        through: Any = {"ConfigurationSetName": self.configuration_set} if self.configuration_set else {}
        try:
            self.client.send_email(
                Source=self.sender,
                Destination={"ToAddresses": [address]},
                Message={
                    "Subject": {"Data": subject(voucher), "Charset": "UTF-8"},
                    "Body": {"Text": {"Data": text(voucher), "Charset": "UTF-8"}},
                },
                **through,
            )
        except (ClientError, BotoCoreError) as error:
            # SES's message may quote the address; `from None` keeps it out of the traceback that is logged.
            raise MailNotSent(_kind(error)) from None


def in_ascii(address: str) -> str:
    """Write an address's domain in IDNA's ASCII form, because SES has no SMTPUTF8. Raises Undeliverable."""
    local_part, _, domain = address.rpartition("@")
    try:
        ascii_domain = domain if domain.isascii() else idna.encode(domain, uts46=True).decode()
    except idna.IDNAError as error:
        raise Undeliverable(type(error).__name__) from None
    if not local_part.isascii():
        raise Undeliverable("the part before the @ is not ASCII")
    return f"{local_part}@{ascii_domain}"


def subject(voucher: Voucher) -> str:
    return f"{shown(voucher.value)} off your next order"


def text(voucher: Voucher) -> str:
    until = f"{voucher.expires_at:%d %B %Y, %H:%M}"
    number = voucher.loyalty_order
    thanks = THANKS if number is None else THANKS_FOR_LOYALTY.format(number=number)
    return TEXT.format(thanks=thanks, code=voucher.code, value=shown(voucher.value), until=until)


def shown(money: Money) -> str:
    """Format an amount with its currency's decimals: 9.50 EUR, 950 JPY, 0.950 KWD."""
    digits = Currency(money.currency).exponent or 0
    return f"{Decimal(money.amount).scaleb(-digits):,.{digits}f} {money.currency}"


def _kind(error: Exception) -> str:
    return error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
