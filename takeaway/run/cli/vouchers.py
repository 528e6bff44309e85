"""vouchers: what promotions made of it."""

from typing import Annotated

import typer
from rich.console import Console

from takeaway.money import shown
from takeaway.run.cli import options
from takeaway.run.cli.output import AsJson, messages, plain, print_json, print_table, results, table
from takeaway.run.client.readers import Voucher

Customer = Annotated[
    str | None, typer.Option(metavar="ID", help="Only those of this customer, by the id that the list shows.")
]


Every = Annotated[bool, typer.Option("--all", help="Of all orders, however long it takes to read the whole table.")]


def vouchers(
    context: typer.Context, *, customer: Customer = None, every: Every = False, as_json: AsJson = False
) -> None:
    """List the vouchers that promotions has issued, newest last.

    Of a thousand orders at most, as its table happens to have them; where there are more, that is said.
    Those for a customer's n-th order, as the policy of promotions says, have the number of that order under “loyalty”.

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
        messages.print("These are not all: the others are of more orders than one look reads (--all, --customer ID).")


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
