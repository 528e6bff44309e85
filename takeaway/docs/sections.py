"""Generated sections of hand-written pages: which there are, and how one is replaced in its page."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from shared.asl.graph import StateMachine
from takeaway.docs import accepted, plans
from takeaway.drawing.mermaid import flowchart
from takeaway.facts import facts_of

END = "<!-- generated: end -->"


class MissingMarkers(ValueError):
    """A page has no place for its generated section; the message shows the lines that it needs."""


@dataclass(frozen=True)
class Section:
    """A part of the page `path`, rendered from files of the repository at `root`."""

    path: str
    name: str
    render: Callable[[Path], str]

    @property
    def start(self) -> str:
        return f"<!-- generated: {self.name} (make docs) -->"

    def replaced(self, page: str, content: str) -> str:
        """The page with this section's content between its markers. Raises MissingMarkers."""
        before, start, rest = page.partition(self.start)
        _, end, after = rest.partition(END)
        if not (start and end):
            raise MissingMarkers(f"{self.path}: expected the lines\n{self.start}\n{END}")
        return f"{before}{start}\n{content}\n{end}{after}"


def _workflow(root: Path) -> str:
    definition = (root / "contexts/orders/workflow/order.asl.json").read_text(encoding="utf-8")
    return f"```mermaid\n{flowchart(StateMachine.parse(definition))}```"


def _transitions(root: Path) -> str:
    ways = facts_of("orders", root).ways
    rows = [f"| {name} | {len(way.states)} | {' → '.join(way.states)} |" for name, way in ways.items()]
    return "\n".join(["| Way | State transitions | States |", "|---|---|---|", *rows])


SECTIONS = (
    Section("docs/architecture.md", "workflow", _workflow),
    Section("docs/architecture.md", "transitions", _transitions),
    Section("docs/security.md", "accepted", lambda _: accepted.table()),
    Section("docs/deploying.md", "cost", lambda _: plans.costs()),
    Section("docs/deploying.md", "capacity", lambda _: plans.capacities()),
)


def outdated(root: Path, among: tuple[Section, ...] = SECTIONS) -> dict[str, str]:
    """Path and right text of every page that is not what its sections' sources say."""
    pages = {section.path: (root / section.path).read_text(encoding="utf-8") for section in among}
    right = dict(pages)
    for section in among:
        right[section.path] = section.replaced(right[section.path], section.render(root))
    return {path: text for path, text in right.items() if text != pages[path]}
