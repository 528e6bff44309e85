"""The commands order, show and token: place an order, show it, and print a token for the API."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import typer
from rich.table import Table

from takeaway.errors import UsageError
from takeaway.issuer import DEFAULT_TTL_SECONDS
from takeaway.money import shown
from takeaway.run.cli import completing, options
from takeaway.run.cli.output import AsJson, messages, plain, print_json, print_table, results
from takeaway.run.cli.times import YEAR_SECONDS
from takeaway.run.client.orders import place
from takeaway.run.client.people import customer_of
from takeaway.text import STDIN, document, header

ANYBODY = "anna"
Name = Annotated[str | None, typer.Option(help="The claim `name` of the customer's token.")]
Email = Annotated[
    str | None,
    typer.Option(help="The token's verified e-mail address (default: made of --sub, at example.com)."),
]
OrderId = Annotated[
    str,
    typer.Argument(
        metavar="ORDER_ID",
        help="An id, its beginning, or `last`: the order placed last from this folder.",
        autocompletion=completing.orders,
    ),
]


def order(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="[FILE|-]", help="An order; - is standard input.")] = Path("-"),
    *,
    idempotency_key: Annotated[
        str | None, typer.Option(help="With the same key, an order is placed only once.")
    ] = None,
    sub: Annotated[str | None, typer.Option(help="The customer's id (default: made of the e-mail address).")] = None,
    name: Name = None,
    email: Email = None,
    as_json: AsJson = False,
) -> None:
    """Place an order and print its id. The token says who orders; the order's JSON does not.

    Examples are in examples/orders; examples/catalogue.json has the menus.

    Example: takeaway order examples/orders/01-lunch-for-two.json
    """
    body, customer = _read(file)
    name, email = name or customer.get("name", ""), email or customer.get("email", "")
    key = header("--idempotency-key", idempotency_key) if idempotency_key else str(uuid4())
    system = options.of(context).system()
    who = sub or (customer_of(email) if email else ANYBODY)
    token = system.tokens.customer(who, name=name, email=email)
    order_id = place(system, body, token=token, idempotency_key=key)
    if as_json:
        print_json({"order_id": order_id})
    else:
        results.print(plain(order_id))
        messages.print(f"[dim]the restaurant decides: {plain(system.target.command(f'accept {order_id}'))}[/]")


def show(context: typer.Context, order_id: OrderId, *, as_json: AsJson = False) -> None:
    """Show an order as its customer sees it.

    Example: takeaway show 0f83cea8-28b4-5f09-84ec-f665f91ce662 --json | jq .status
    """
    found = options.of(context).system().order(order_id)
    if as_json:
        print_json(found)
    else:
        print_order(found)


def token(
    context: typer.Context,
    *,
    role: Annotated[str, typer.Option(help="customer or restaurant")],
    sub: Annotated[str | None, typer.Option(help="The subject (default: anna, or a restaurant's staff).")] = None,
    restaurant: Annotated[str | None, typer.Option(metavar="ID", help="Only with --role restaurant.")] = None,
    name: Name = None,
    email: Email = None,
    ttl: Annotated[
        int, typer.Option(min=1, max=YEAR_SECONDS, metavar="SECONDS", help="The time until it expires.")
    ] = DEFAULT_TTL_SECONDS,
    as_json: AsJson = False,
) -> None:
    """Print a token for the API, signed by the issuer of the engine that runs here.

    Example: curl -H "Authorization: Bearer $(takeaway token --role customer)" $(takeaway status --json | jq -r .api)
    """
    system = options.of(context).system()
    if role == "restaurant" and (name or email):
        raise UsageError("--name and --email go with --role customer.")
    match role, restaurant:
        case "customer", None:
            signed = system.tokens.customer(sub or ANYBODY, name=name or "", email=email or "", ttl_seconds=ttl)
        case "restaurant", str():
            signed = system.tokens.restaurant(restaurant, subject=sub, ttl_seconds=ttl)
        case "restaurant", None:
            raise UsageError("--role restaurant takes --restaurant ID, such as trattoria-roma.")
        case "customer", _:
            raise UsageError("--restaurant goes with --role restaurant.")
        case _:
            raise UsageError(f"--role is customer or restaurant, not {role!r}.")
    if as_json:
        print_json({"token": signed, "expires_in": ttl})
    else:
        results.print(signed, markup=False)


def print_order(found: dict[str, Any]) -> None:
    """Print an order for people to read."""
    reason = f" ({plain(found['reason'])})" if found.get("reason") else ""
    results.print(f"[bold]{plain(found['order_id'])}[/]  {plain(found['status'])}{reason}")
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(justify="right")
    table.add_column()
    table.add_column(justify="right")
    for item in found["items"]:
        price = item["unit_price"]
        cost = shown(item["quantity"] * price["amount"], price["currency"])
        table.add_row(plain(item["quantity"]), plain(item["name"]), plain(cost))
    table.add_row("", "[bold]total[/]", f"[bold]{plain(shown(**found['total']))}[/]")
    print_table(table)
    address = ", ".join(found["delivery_address"].splitlines())
    results.print(f"{plain(found['restaurant_id'])} → {plain(found['customer']['name'])}, {plain(address)}")
    if found["note"]:
        results.print(f"“{plain(found['note'])}”")
    for change in found["history"]:
        about = f" ({plain(change['about'])})" if change.get("about") else ""
        results.print(f"  [dim]{plain(change['at'])}[/]  {plain(change['change'])}{about}")


def _read(file: Path) -> tuple[Any, Mapping[str, str]]:
    """Read the order to send, and its customer; files of examples/orders have both, beside their story."""
    if file == STDIN and sys.stdin and sys.stdin.isatty():
        raise UsageError("Which order? Give a FILE, such as one of examples/orders, or pipe JSON into this command.")
    parsed = document(file)
    if not (isinstance(parsed, dict) and "story" in parsed and "order" in parsed):
        return parsed, {}
    customer = parsed.get("customer", {})
    if not isinstance(customer, dict) or not all(isinstance(each, str) for each in customer.values()):
        raise UsageError(f"{file}: customer: expected an object with name and email.")
    return parsed["order"], customer
