"""The page of one order as a file that needs nothing else: no server, no script, no other file, no network."""

from markupsafe import Markup

from takeaway.run.client.system import System
from takeaway.run.console import pages
from takeaway.run.console.looking import order_seen

SHEETS = ("base", "orders")


def journey_page(system: System, order_id: str, *, search: bool) -> str:
    """As it is now. Raises NotHere."""
    styles = "\n".join((pages.FOLDER / "static" / f"{name}.css").read_text(encoding="utf-8") for name in SHEETS)
    return pages.page(
        "journey.html",
        seen=order_seen(system, order_id, search=search),
        stage=system.target.stage,
        styles=Markup(styles),  # noqa: S704 - our own
        acts=(),
        live=False,
        schema_page=pages.is_event,
    )
