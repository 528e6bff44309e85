"""What happens to orders, story by story: each touches the engine and returns what it found."""

from collections.abc import Callable
from dataclasses import dataclass

from takeaway.compare.findings import Found
from takeaway.compare.stories.failures import mail_fails, never_answers, promotions_down
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
    Story(
        "restaurant-never-answers",
        "An order is placed, its restaurant is told and does nothing. Looked at when the order has ended, or else after "
        "twice the time that the restaurant has.",
        never_answers,
    ),
    Story(
        "notify-user-fails",
        "SES refuses the sender of orders for good while an order is accepted and delivered. Redelivery of messages is "
        "a second here, not minutes.",
        mail_fails,
    ),
    Story(
        "promotions-down",
        "The function of promotions can't be called while an order is delivered. Afterwards it can, and what lies in "
        "the dead-letter queue of promotions is redriven.",
        promotions_down,
    ),
)
