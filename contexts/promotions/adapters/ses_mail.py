"""The e-mail that brings a voucher, through SES."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError
from iso4217 import Currency

from contexts.promotions.application.ports import MailNotSent, Recipient
from contexts.promotions.domain.money import Money
from contexts.promotions.domain.voucher import Voucher

if TYPE_CHECKING:
    from types_boto3_ses import SESClient

TEXT = """Hello {name},

{thanks} Here is a voucher for your next one:

    {code}

It takes {value} off and is valid until {until} (UTC).

Enjoy your meal!
Takeaway
"""
THANKS = "thank you for your order."
THANKS_FOR_LOYALTY = "this was your order number {number} with us: thank you for coming back!"


@dataclass(frozen=True)
class SesMail:
    """Implements the port Mail."""

    client: "SESClient"
    sender: str

    def send(self, voucher: Voucher, to: Recipient) -> None:
        try:
            self.client.send_email(
                Source=self.sender,
                Destination={"ToAddresses": [to.email]},
                Message={
                    "Subject": {"Data": subject(voucher), "Charset": "UTF-8"},
                    "Body": {"Text": {"Data": text(voucher, to), "Charset": "UTF-8"}},
                },
            )
        except (ClientError, BotoCoreError) as error:
            # The service's message may quote the address, and the traceback of a cause would carry it to the log.
            raise MailNotSent(_kind(error)) from None


def subject(voucher: Voucher) -> str:
    return f"{shown(voucher.value)} off your next order"


def text(voucher: Voucher, to: Recipient) -> str:
    until = f"{voucher.expires_at:%d %B %Y, %H:%M}"
    number = voucher.loyalty_order
    thanks = THANKS if number is None else THANKS_FOR_LOYALTY.format(number=number)
    return TEXT.format(name=to.name, thanks=thanks, code=voucher.code, value=shown(voucher.value), until=until)


def shown(money: Money) -> str:
    """As people write it, with the digits of its currency: 9.50 EUR, 950 JPY, 0.950 KWD."""
    digits = Currency(money.currency).exponent or 0
    return f"{Decimal(money.amount).scaleb(-digits):,.{digits}f} {money.currency}"


def _kind(error: Exception) -> str:
    return error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
