"""Pages that are generated as a whole."""

from collections.abc import Callable
from pathlib import Path

from takeaway.docs.fitness_page import fitness_page


def _openapi() -> str:
    from contexts.orders.api.documentation import openapi  # noqa: PLC0415 - the one page that is made from code
    from contexts.orders.api.service import resolver  # noqa: PLC0415

    return openapi(resolver()) + "\n"


PAGES: dict[str, Callable[[], str]] = {"docs/openapi.json": _openapi, "docs/fitness.md": fitness_page}


def outdated(root: Path) -> dict[str, str]:
    """Path and right text of every page that is missing or not what its source says."""
    right = {path: render() for path, render in PAGES.items()}
    return {path: text for path, text in right.items() if _read(root / path) != text}


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None
