"""What an operator's reader of a context offers. Each is in contexts/<name>/reader.py, found by the context's name.

A reader knows how its context keeps what it keeps; whoever looks at a deployed system asks it, and knows nothing of
tables, items and objects. No function carries one.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol, runtime_checkable

Connect = Callable[[str], Any]  # a boto3 client, by the name of the service
Output = Callable[[str], str]  # an output of the context's stack, by its key


@dataclass(frozen=True)
class Trace:
    """Something that a context has done about an order: `what` goes on behind the context's name.

    `place` says to programs where it lies; an e-mail that has the word `known_as` in it is about this. `heard` is the
    event that it did this about.
    """

    at: datetime
    what: str
    place: str = ""
    known_as: str = ""
    heard: str = ""


@runtime_checkable
class Remembers(Protocol):
    """The reader of a context that reacts to orders. Each module of a reader has a `reader(connect, output)`."""

    keeps: str  # what there is one of for each trace: "voucher"

    def traces_of(self, order_id: str, days: Collection[date]) -> Sequence[Trace]:
        """Of one order, of which something has happened on these days."""
        ...


@runtime_checkable
class Searches(Remembers, Protocol):
    """One that finds an order only by looking through what it has of all, which nobody should wait for unasked."""

    searched: str  # where it looks: "the lake"
