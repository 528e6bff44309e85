"""vouchers: what promotions made of it."""

import typer
from rich.console import Console
from rich.table import Table

from takeaway.cli import options
from takeaway.cli.output import AsJson, messages, print_json, results
from takeaway.client.vouchers import Voucher
from takeaway.money import shown


def vouchers(context: typer.Context, *, as_json: AsJson = False) -> None:
    """List the vouchers that promotions has issued, newest last.

    Example: takeaway vouchers --json | jq -r '.[].code'
    """
    found = options.of(context).system().vouchers.all()
    if as_json:
        print_json(found)
    else:
        print_vouchers(found)


def print_vouchers(found: list[Voucher], console: Console = results) -> None:
    if not found:
        messages.print("No voucher yet: promotions issues them for completed orders.")
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("code", "off", "customer", "order", "until"):
        table.add_column(heading, justify="right" if heading == "off" else "left")
    for voucher in found:
        table.add_row(
            voucher.code,
            shown(voucher.amount, voucher.currency),
            voucher.customer_id,
            voucher.order_id,
            f"{voucher.expires_at:%Y-%m-%d}",
        )
    console.print(table)
