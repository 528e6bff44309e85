"""The command vouchers: lists the vouchers that promotions has issued."""

from typing import Annotated

import typer
from rich.console import Console

from takeaway.money import shown
from takeaway.run.cli import options
from takeaway.run.cli.output import AsJson, messages, plain, print_json, print_table, results, table
from takeaway.run.client.readers import Voucher

Customer = Annotated[
    str | None, typer.Option(metavar="ID", help="Only this customer's vouchers, by the id that the list shows.")
]


Every = Annotated[bool, typer.Option("--all", help="Read the whole table, however long that takes.")]


def vouchers(
    context: typer.Context, *, customer: Customer = None, every: Every = False, as_json: AsJson = False
) -> None:
    """List the vouchers that promotions has issued, newest last.

    At most a thousand orders of its table are read, in no particular order; a message says if there are more.
    A voucher for a customer's n-th order, which promotions' policy defines, has that number under “loyalty”.

    Example: takeaway vouchers --json | jq -r '.[].code'
    """
    kept = options.of(context).system().vouchers
    if customer is not None:
        found, are_all = kept.of_customer(customer), True
    else:
        found, are_all = (kept.all(), True) if every else kept.some()
    if as_json:
        print_json(found)
    elif customer is not None and not found:
        messages.print(f"No voucher for customer {plain(customer)}.")
    else:
        print_vouchers(found)
    if not are_all:
        messages.print("These are not all: the table has more orders than are read at once (--all, --customer ID).")


def print_vouchers(found: list[Voucher], console: Console = results) -> None:
    if not found:
        messages.print("No voucher yet: promotions issues them for completed orders.")
        return
    listed = table("code", "off", "customer", "order", "until", "loyalty", right=("off",))
    for voucher in found:
        listed.add_row(
            plain(voucher.code),
            plain(shown(voucher.amount, voucher.currency)),
            plain(voucher.customer_id),
            plain(voucher.order_id),
            f"{voucher.expires_at:%Y-%m-%d}",
            f"order number {voucher.loyalty_order}" if voucher.loyalty_order else "",
        )
    print_table(listed, console)
