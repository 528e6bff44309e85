"""The contexts' own readers of what they keep, found by the contexts' names: contexts/<name>/reader.py.

What they say is of the types that they have for it. A program that runs knows none of these: it imports a reader when
it asks one, so that a context that is not there is missed by nobody.
"""

from collections.abc import Iterator
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from shared.reading import Remembers
from takeaway.paths import REPOSITORY, contexts
from takeaway.run.client.outputs import Stacks
from takeaway.run.client.target import Target

if TYPE_CHECKING:
    from contexts.analytics.reader import LakeReader, Line
    from contexts.console.reader import Entry, JournalReader
    from contexts.orders.reader import Kept, Listed, OrdersReader
    from contexts.promotions.reader import Voucher, VouchersReader
else:
    LakeReader = Line = Entry = JournalReader = Kept = Listed = OrdersReader = Voucher = VouchersReader = Any

__all__ = [
    "Entry",
    "JournalReader",
    "Kept",
    "LakeReader",
    "Line",
    "Listed",
    "OrdersReader",
    "Voucher",
    "VouchersReader",
]


def reader_of(context: str, target: Target, stacks: Stacks) -> Any:
    """What that context says how to read. Raises NoRunningSystem when it is not deployed."""
    return import_module(f"contexts.{context}.reader").reader(target.client, partial(stacks.output, context))


def kept_of_customers(context: str) -> str:
    """What a context keeps of a customer beyond the life of an order, in its own words."""
    try:
        reader = import_module(f"contexts.{context}.reader")
    except ModuleNotFoundError:
        return "it does not say"
    return str(getattr(reader, "OF_A_CUSTOMER", "it does not say"))


def neighbours(target: Target, stacks: Stacks) -> Iterator[tuple[str, Remembers]]:
    """The readers of all that react to orders and are deployed here, by the names of their contexts."""
    for context in contexts(REPOSITORY):
        if stacks.has(context) and (REPOSITORY / "contexts" / context / "reader.py").is_file():
            reader = reader_of(context, target, stacks)
            if isinstance(reader, Remembers):
                yield context, reader
