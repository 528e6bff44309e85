"""Read from a lab's page, in an HTML comment, the system that the lab begins with."""

import re
from dataclasses import dataclass
from pathlib import Path

from takeaway.errors import TakeawayError, UsageError
from takeaway.paths import REPOSITORY
from takeaway.run.deploy.parameters import DEFAULT_ACCEPT_TIMEOUT
from takeaway.wiring import Wiring

PAGES = REPOSITORY / "docs" / "labs"
BEGINS = re.compile(
    r"^<!-- begins with: (?P<wiring>\w+)(?:, a restaurant answers within (?P<seconds>\d+) s)? -->$", re.M
)


@dataclass(frozen=True)
class Beginning:
    """The system that a lab begins with; `accept_timeout` in seconds. Without a page: the system without a lab."""

    wiring: Wiring = Wiring.HYBRID
    accept_timeout: int = DEFAULT_ACCEPT_TIMEOUT
    page: Path | None = None

    @property
    def title(self) -> str:
        return self.page.read_text(encoding="utf-8").partition("\n")[0].lstrip("# ") if self.page else "no lab"


def beginning_of(number: int, pages: Path = PAGES) -> Beginning:
    """Return the beginning of a lab. Raises UsageError for a lab that does not exist."""
    there = {int(page.name[:2]): page for page in sorted(pages.glob("[0-9][0-9]-*.md"))}
    if number not in there:
        raise UsageError(f"There is no lab {number}: docs/labs has {', '.join(map(str, there))}.")
    page = there[number]
    said = BEGINS.search(page.read_text(encoding="utf-8"))
    if not said:
        raise TakeawayError(f"{page} does not say what it begins with: expected a line {BEGINS.pattern}.")
    return Beginning(Wiring(said["wiring"]), int(said["seconds"] or DEFAULT_ACCEPT_TIMEOUT), page)
