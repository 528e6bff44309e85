"""Choose the example orders for each act by their stories."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from takeaway.errors import TakeawayError
from takeaway.run.demo.examples import SLOW, Example


@dataclass(frozen=True)
class Cast:
    """The example orders by act; `others` are all without an act of their own."""

    goes_well: Example
    unanswered: Example
    during_outage: Example
    others: Sequence[Example]

    @property
    def late(self) -> Sequence[Example]:
        """The orders among `others` that end by a timeout."""
        return [example for example in self.others if example.way.status in SLOW]


def cast_of(examples: Sequence[Example]) -> Cast:
    """Choose the cast. Raises TakeawayError, which names the kind of order that is missing."""
    ordered = sorted(examples, key=lambda example: example.name)
    first = _first(ordered, "completed, with a voucher", lambda each: each.voucher and not each.loyalty)
    second = _first(
        ordered,
        "completed with a voucher, by another customer",
        lambda each: each.voucher and not each.loyalty and each.customer_id != first.customer_id,
    )
    unanswered = _first(ordered, "not answered (expired)", lambda each: each.way.status == "EXPIRED")
    own = (first, second, unanswered)
    return Cast(first, unanswered, second, [each for each in examples if each not in own])


def _first(examples: Sequence[Example], what: str, fits: Callable[[Example], bool]) -> Example:
    found = next(filter(fits, examples), None)
    if found is None:
        raise TakeawayError(f"The demo needs an example order that is {what}: there is none.")
    return found
