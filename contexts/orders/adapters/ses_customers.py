"""E-mails to customers, with one text per status."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import idna
from botocore.exceptions import BotoCoreError, ClientError
from iso4217 import Currency

from contexts.orders.application.ports import MessageNotSent
from contexts.orders.application.texts import one_line
from contexts.orders.domain.lifecycle import Status
from contexts.orders.domain.money import Money
from contexts.orders.domain.order import Order

if TYPE_CHECKING:
    from types_boto3_ses import SESClient

# status -> (subject, first paragraph)
TEXTS: dict[Status, tuple[str, str]] = {
    Status.ACCEPTED: ("Your order is confirmed", "The restaurant has accepted your order and is preparing it."),
    Status.REJECTED: ("Your order was declined", "We are sorry: the restaurant can't take your order. {reason}"),
    Status.EXPIRED: ("Your order was not answered", "We are sorry: the restaurant did not answer in time."),
    Status.CANCELLED: ("Your order is cancelled", "As you asked, your order is cancelled."),
    Status.TIMED_OUT: (
        "Your order is late",
        "We are sorry: your order was not delivered in time, so we have closed it.",
    ),
    Status.FAILED: (
        "Your order has failed",
        "We are sorry: something went wrong on our side and we have closed your order.",
    ),
}


class SESCustomers:
    """Implements the port Customers.

    The greeting has no name, because a name is free text that the customer has chosen.
    """

    def __init__(self, client: "SESClient", sender: str, configuration_set: str | None = None) -> None:
        self._client, self._sender = client, sender
        self._through: Any = {"ConfigurationSetName": configuration_set} if configuration_set else {}

    def notify(self, order: Order) -> None:
        subject, text = TEXTS[order.status]
        lines = [
            "Hello,",
            text.format(reason=f"Its words: {one_line(order.reason)}" if order.reason else "").strip(),
            "\n".join(f"{item.quantity} x {one_line(item.name)}" for item in order.items),
            f"Total: {formatted(order.total)}",
            f"Order: {order.order_id}",
        ]
        try:
            self._client.send_email(
                Source=self._sender,
                Destination={"ToAddresses": [_ascii(order.customer.email)]},
                Message={
                    "Subject": {"Data": subject, "Charset": "UTF-8"},
                    "Body": {"Text": {"Data": "\n\n".join(lines), "Charset": "UTF-8"}},
                },
                **self._through,
            )
        except (ClientError, BotoCoreError) as error:
            # without the error's own text, which may quote the address
            code = error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
            raise MessageNotSent(f"to the customer of order {order.order_id}: {code}") from None
        except idna.IDNAError as error:
            raise MessageNotSent(f"to the customer of order {order.order_id}: {type(error).__name__}") from None


def _ascii(address: str) -> str:
    """Write an address's domain in IDNA's ASCII form, because SES has no SMTPUTF8."""
    local_part, _, domain = address.rpartition("@")
    return address if domain.isascii() else f"{local_part}@{idna.encode(domain, uts46=True).decode()}"


def formatted(money: Money) -> str:
    """Format an amount with its currency's decimals, such as "12.50 EUR", "1200 JPY", "4.750 KWD"."""
    digits = Currency(money.currency).exponent or 0
    return f"{Decimal(money.amount).scaleb(-digits):.{digits}f} {money.currency}"
