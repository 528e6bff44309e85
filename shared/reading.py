"""The interface of a context's reader for operators, in contexts/<name>/reader.py; tools find it by the context's name.

Only the reader knows how its context stores its data, so that tools that look at a deployed system know nothing of
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
    """The record of a thing that a context has done about an order.

    `what` completes the context's name to a sentence. `place` tells programs where it is stored; an e-mail that
    contains the word `known_as` is about this. `heard` is the event that the context reacted to.
    """

    at: datetime
    what: str
    place: str = ""
    known_as: str = ""
    heard: str = ""


@runtime_checkable
class Remembers(Protocol):
    """The reader of a context that reacts to orders.

    The module of a reader has a function `reader(connect, output)`, by which tools make one.
    """

    keeps: str  # a word for the thing that each trace tells of, such as "voucher"

    def traces_of(self, order_id: str, days: Collection[date]) -> Sequence[Trace]:
        """Return the traces of one order. `days` are those on which something happened to it, to narrow the search."""
        ...


@runtime_checkable
class Searches(Remembers, Protocol):
    """A reader that finds an order only by looking through everything, so commands ask it only on request."""

    searched: str  # the place that it searches, such as "the lake"
