"""The command forget: erases a customer's orders, and lists the data that it can't erase."""

from dataclasses import asdict
from typing import Annotated

import typer

from takeaway.run.cli import options
from takeaway.run.cli.asking import agree
from takeaway.run.cli.output import AsJson, messages, plain, print_json, print_table, results, steps, table
from takeaway.run.client.remains import remains_of

Customer = Annotated[str, typer.Argument(metavar="CUSTOMER", help="The customer's id: the `sub` of their tokens.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


def forget(context: typer.Context, customer: Customer, *, yes: Yes = False, as_json: AsJson = False) -> None:
    """Erase a customer's orders from the table of orders, and say what remains elsewhere and until when.

    Open orders stay, because their workflows need them: run it again when they have ended. Data that neighbours keep
    has to be erased by their owners.

    Example: takeaway forget customer-4f2a --yes
    """
    system = options.of(context).system()
    if not yes:
        agree(
            f"Erase every closed order of {customer} in stage {system.target.stage}?",
            unattended="Orders that are erased are gone for good: where nobody can be asked, say --yes.",
        )
    with steps("erasing") as progress:
        done = system.orders.forget(customer)
        progress.step("looking for what remains")
        left = remains_of(system)
    if as_json:
        print_json({"customer": customer, **asdict(done), "remains": [asdict(each) for each in left]})
        return
    results.print(f"{len(done.erased)} orders erased")
    for order_id in done.still_open:
        messages.print(f"{plain(order_id)} is still open: run this again when it has ended")
    listed = table("what remains", "where", "until")
    for each in left:
        listed.add_row(each.what, each.where, each.until)
    print_table(listed)
