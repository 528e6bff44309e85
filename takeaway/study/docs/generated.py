"""Generate pages as a whole, and sections of pages that are written by hand.

A section is marked by comments, which cogapp reads: `<!-- [[[cog cog.out(transitions()) ]]] make docs
-->` begins a section, `<!-- [[[end]]] -->` ends it.
"""

from collections.abc import Callable
from functools import partial
from io import StringIO
from itertools import groupby
from pathlib import Path

from cogapp import Cog

from shared.asl.graph import StateMachine
from takeaway.check.fitness.rule import ARTICLE
from takeaway.check.fitness.rules import all_rules
from takeaway.check.fitness.texts import EXEMPTIONS
from takeaway.drawing.mermaid import flowchart
from takeaway.facts import facts_of, printed_by
from takeaway.markdown import table
from takeaway.study.docs import accepted, plans
from takeaway.study.docs.events import asyncapi, pages
from takeaway.study.docs.events.catalogue import catalogue
from takeaway.study.docs.text import written
from takeaway.waiting import waiting_for

EVENTS = Path("docs/generated/events")
MARK = "[[[cog"


def workflow(root: Path) -> str:
    definition = (root / "contexts/orders/workflow/order.asl.json").read_text(encoding="utf-8")
    return f"```mermaid\n{flowchart(StateMachine.parse(definition))}```"


def transitions(root: Path) -> str:
    ways = facts_of("orders", root).ways
    rows = ((name, str(len(way.states)), " → ".join(way.states)) for name, way in ways.items())
    return table(["Way", "State transitions", "States"], rows)


def outdated_sections(root: Path, **sections: object) -> dict[str, str]:
    """Return the new text of every page with an outdated section, by path. Raises cogapp.CogError.

    `sections` are further functions that pages may call.
    """
    known = {
        "workflow": partial(workflow, root),
        "transitions": partial(transitions, root),
        "accepted": accepted.table,
        "cost": plans.costs,
        "capacity": plans.capacities,
        **sections,
    }
    stale = {}
    for path in sorted(root.glob("docs/**/*.md")):
        text, page, name = path.read_text(encoding="utf-8"), StringIO(), path.relative_to(root).as_posix()
        if MARK in text:
            with waiting_for(f"making the sections of {name}"):
                Cog().process_file(StringIO(text), page, name, dict(known))
            if page.getvalue() != text:
                stale[name] = page.getvalue()
    return stale


def rendered(root: Path) -> dict[str, str]:
    """Render every page that is generated as a whole, by path. Synthesizes the templates."""
    found = catalogue(root)
    groups = [(group, list(rules)) for group, rules in groupby(all_rules(), key=lambda rule: rule.group)]
    return {
        "docs/generated/openapi.json": printed_by("contexts.orders.api", root),
        "docs/generated/asyncapi.yaml": asyncapi.document(found),
        "docs/generated/fitness.md": written("fitness.md.jinja", article=ARTICLE, groups=groups, exemptions=EXEMPTIONS),
        f"{EVENTS}/README.md": pages.index(found),
        **{f"{EVENTS}/{event.name}.md": pages.page(event, found) for event in found.events},
    }


def outdated_pages(root: Path, render: Callable[[Path], dict[str, str]] = rendered) -> dict[str, str | None]:
    """Return the new text of every outdated page, by path; None if the page has no source any more."""
    there = {path: path.read_text(encoding="utf-8") for path in sorted((root / EVENTS).glob("*.md"))}
    # Pages beside them that are written by hand have no mark, and are left alone.
    right: dict[Path, str | None] = {path: None for path, text in there.items() if text.startswith(pages.MARK)}
    with waiting_for("making the pages that are generated as a whole"):
        made = render(root)
    for name, text in made.items():
        right[root / name] = text
    stale = (path for path, text in right.items() if (path.read_text("utf-8") if path.exists() else None) != text)
    return {path.relative_to(root).as_posix(): right[path] for path in stale}
