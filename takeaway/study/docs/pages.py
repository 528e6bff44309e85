"""Pages that are generated as a whole."""

from collections.abc import Callable
from itertools import groupby
from pathlib import Path

from takeaway.check.fitness.exemptions import EXEMPTIONS
from takeaway.check.fitness.rule import ARTICLE
from takeaway.check.fitness.rules import all_rules
from takeaway.facts import printed_by
from takeaway.study.docs.events import asyncapi, pages
from takeaway.study.docs.events.catalogue import catalogue
from takeaway.study.docs.text import written

EVENTS = Path("docs/events")


def rendered(root: Path) -> dict[str, str]:
    """Every page by its path, as its sources say. Synthesizes the templates."""
    found = catalogue(root)
    groups = [(group, list(rules)) for group, rules in groupby(all_rules(), key=lambda rule: rule.group)]
    return {
        "docs/openapi.json": printed_by("contexts.orders.api", root),
        "docs/asyncapi.yaml": asyncapi.document(found),
        "docs/fitness.md": written("fitness.md.jinja", article=ARTICLE, groups=groups, exemptions=EXEMPTIONS),
        f"{EVENTS}/README.md": pages.index(found),
        **{f"{EVENTS}/{event.name}.md": pages.page(event, found) for event in found.events},
    }


def outdated(root: Path, render: Callable[[Path], dict[str, str]] = rendered) -> dict[str, str | None]:
    """Path and right text of every page that is not what its source says; None if that source is gone."""
    left_over = {path.relative_to(root).as_posix(): None for path in _generated(root / EVENTS)}
    right: dict[str, str | None] = {**left_over, **render(root)}
    return {path: text for path, text in right.items() if _read(root / path) != text}


def _generated(folder: Path) -> list[Path]:
    """There may be pages beside them that are written by hand."""
    return [path for path in sorted(folder.glob("*.md")) if path.read_text(encoding="utf-8").startswith(pages.MARK)]


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None
