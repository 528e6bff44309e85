"""Find the reader that a context offers to operators, contexts/<name>/reader.py, by the context's name.

The readers' types are imported for type checking only. At runtime a reader is imported when it is asked, so that the
command line works in a repository from which a context was removed.
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
    """Import the context's reader, with clients for the target. Raises NoRunningSystem when it is not deployed."""
    return import_module(f"contexts.{context}.reader").reader(target.client, partial(stacks.output, context))


def kept_of_customers(context: str) -> str:
    """Return the context's own sentence on what it keeps of a customer after the order's end."""
    try:
        reader = import_module(f"contexts.{context}.reader")
    except ModuleNotFoundError:
        return "it does not say"
    return str(getattr(reader, "OF_A_CUSTOMER", "it does not say"))


def neighbours(target: Target, stacks: Stacks) -> Iterator[tuple[str, Remembers]]:
    """Yield the name and the reader of each deployed context that keeps traces of orders."""
    for context in contexts(REPOSITORY):
        if stacks.has(context) and (REPOSITORY / "contexts" / context / "reader.py").is_file():
            reader = reader_of(context, target, stacks)
            if isinstance(reader, Remembers):
                yield context, reader
