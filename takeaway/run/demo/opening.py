"""Tell the audience what comes, before the first act, and what to do next, after the last one."""

from pathlib import Path

from rich.table import Table
from rich.text import Text

from takeaway.run.client.target import ENDPOINT, Target
from takeaway.run.demo.scene import Scene

RULE = "Orchestrate within a bounded context, choreograph between bounded contexts."
PARTS = {
    "orders": "decides what happens to an order, step by step: one workflow",
    "promotions": "hears that an order is completed, and sends its customer a voucher",
    "analytics": "hears everything, and keeps it for reports",
}
NEXT = {
    "make up && . .venv/bin/activate": "the same, to play with",
    "takeaway order examples/orders/01-lunch-for-two.json": "be the customer",
    "takeaway compare": "four wirings, measured",
}


def tell(scene: Scene) -> None:
    scene.show(
        "A customer orders food, a restaurant accepts it and delivers. Three teams have a part in it, and nothing in "
        "common but a bus, on which orders tells what has happened:\n"
    )
    scene.show(_listed(PARTS))
    scene.show("\nAll of it is now set up on this machine. That takes a moment.\n")


def tell_where_to_watch(scene: Scene, target: Target) -> None:
    scene.show("To watch it as a live page, type this in another terminal:\n")
    scene.line(f"{ENDPOINT}={target.endpoint} takeaway console --stage {target.stage} --open")


def close(scene: Scene, page: Path | None) -> None:
    scene.show(Text(f"\nThe rule: {RULE}\n", "bold"))
    scene.show(
        "Within a context one workflow is in charge, so what began comes to an end. Between contexts nobody is, so "
        "none of them waits for another."
    )
    scene.show("\nNext:")
    scene.show(_listed(NEXT))
    if page:
        scene.show("\nOne of these orders as a page, its workflow drawn:")
        here = Path.cwd()
        scene.line(str(page.relative_to(here) if page.is_relative_to(here) else page))


def _listed(texts: dict[str, str]) -> Table:
    table = Table.grid(padding=(0, 2))
    for name, text in texts.items():
        table.add_row(name, text)
    return table
