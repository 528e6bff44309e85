"""Generated sections of hand-written pages: a page says in a comment, as cogapp reads it, what stands there.

`<!-- [[[cog cog.out(transitions()) ]]] make docs -->` begins one, `<!-- [[[end]]] -->` ends it.
"""

from functools import partial
from io import StringIO
from pathlib import Path

from cogapp import Cog

from shared.asl.graph import StateMachine
from takeaway.facts import facts_of
from takeaway.markdown import table
from takeaway.study.docs import accepted, plans
from takeaway.study.drawing.mermaid import flowchart

MARK = "[[[cog"


def workflow(root: Path) -> str:
    definition = (root / "contexts/orders/workflow/order.asl.json").read_text(encoding="utf-8")
    return f"```mermaid\n{flowchart(StateMachine.parse(definition))}```"


def transitions(root: Path) -> str:
    ways = facts_of("orders", root).ways
    rows = ((name, str(len(way.states)), " → ".join(way.states)) for name, way in ways.items())
    return table(["Way", "State transitions", "States"], rows)


def outdated(root: Path, **sections: object) -> dict[str, str]:
    """Path and right text of every page that is not what its sections' sources say. Raises cogapp.CogError.

    `sections` are what pages may call by name, beside those of this module.
    """
    known = {
        "workflow": partial(workflow, root),
        "transitions": partial(transitions, root),
        "accepted": accepted.table,
        "cost": plans.costs,
        "capacity": plans.capacities,
        **sections,
    }
    pages = {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in sorted(root.glob("docs/**/*.md"))}
    right = {path: _written(path, text, known) for path, text in pages.items() if MARK in text}
    return {path: text for path, text in right.items() if text != pages[path]}


def _written(path: str, text: str, known: dict[str, object]) -> str:
    page = StringIO()
    Cog().process_file(StringIO(text), page, path, dict(known))
    return page.getvalue()
