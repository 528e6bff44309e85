"""Render one order's page as a file that works alone: without a server, scripts, other files or a network."""

from markupsafe import Markup

from takeaway.run.client.system import System
from takeaway.run.console import pages
from takeaway.run.console.looking import order_seen

SHEETS = ("base", "orders")


def journey_page(system: System, order_id: str, *, search: bool) -> str:
    """Render the order as it is now. Raises NotHere."""
    return pages.page(
        "journey.html",
        seen=order_seen(system, order_id, search=search),
        stage=system.target.stage,
        styles=styles(),
        acts=(),
        live=False,
        schema_page=pages.is_event,
    )


def styles() -> Markup:
    """Return the style sheets of the served pages as text."""
    files = [pages.FOLDER / "static" / f"{name}.css" for name in SHEETS]
    return Markup("\n".join(file.read_text(encoding="utf-8") for file in files))  # noqa: S704 - our own files
