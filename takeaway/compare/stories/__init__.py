"""What happens to orders, story by story: each touches the engine and returns what it found."""

from collections.abc import Callable
from dataclasses import dataclass

from takeaway.compare.findings import Found
from takeaway.compare.stories.goes_well import goes_well
from takeaway.compare.trio import Contender


@dataclass(frozen=True)
class Story:
    """`told` says what was done and how it was counted. `together`: in all systems at the same time."""

    anchor: str
    told: str
    live: Callable[[Contender, int], Found]
    together: bool = True
    draw: Callable[[Contender], str] | None = None


STORIES = (
    Story(
        "goes-well",
        "Orders one after the other, with nothing beside them. Waits are from a person's call until the change that "
        "it leads to is recorded. The bill is for what was counted in these orders: transitions, calls of functions "
        "and their time on this machine, calls of the API, events, messages in queues and e-mails, at the list prices "
        "of takeaway/costs/prices.toml; tables, logs and storage are not in it.",
        goes_well,
        together=False,
    ),
)
