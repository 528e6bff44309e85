"""The contexts' own readers of what they keep, found by the contexts' names: contexts/<name>/reader.py.

What is declared here of a reader is what the command line uses of it; a reader may offer more.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from shared.reading import Remembers
from takeaway.paths import REPOSITORY, contexts
from takeaway.run.client.outputs import Stacks
from takeaway.run.client.target import Target


class Kept(Protocol):
    """An order as its table has it; `changes` are named as the events that tell of them."""

    customer_id: str
    restaurant_id: str
    status: str
    changes: Mapping[str, datetime]
    is_draft: bool
    is_open: bool


class Orders(Protocol):
    def order(self, order_id: str) -> Kept | None: ...

    def open_orders(self) -> list[str]: ...


class Entry(Protocol):
    """`kind` is "event" or "message"; `at` is when it happened."""

    order_id: str
    id: str
    kind: str
    name: str
    at: datetime
    content: dict[str, Any]


class Following(Protocol):
    def new(self) -> list[Entry]: ...


class Journal(Protocol):
    def of_order(self, order_id: str) -> list[Entry]: ...

    def since(self, start: datetime, *, until: datetime | None = None) -> list[Entry]: ...

    def following(self, start: datetime) -> Following: ...


class Voucher(Protocol):
    order_id: str
    customer_id: str
    code: str
    amount: int
    currency: str
    issued_at: datetime
    expires_at: datetime
    loyalty_order: int | None


class Vouchers(Protocol):
    """Lists are newest last."""

    def of_order(self, order_id: str) -> Voucher | None: ...

    def all(self) -> list[Voucher]: ...

    def of_customer(self, customer_id: str) -> list[Voucher]: ...


class Line(Protocol):
    event_id: str
    event_type: str
    order_id: str


class Lake(Protocol):
    bucket: str

    def lines(self, days: Iterable[date], *, since: datetime | None = None) -> list[Line]: ...

    def copy_to(self, folder: Path) -> int: ...

    def add(self, folder: Path) -> int: ...


def reader_of(context: str, target: Target, stacks: Stacks) -> Any:
    """What that context says how to read. Raises NoRunningSystem when it is not deployed."""
    return import_module(f"contexts.{context}.reader").reader(target.client, partial(stacks.output, context))


def neighbours(target: Target, stacks: Stacks) -> Iterator[tuple[str, Remembers]]:
    """The readers of all that react to orders and are deployed here, by the names of their contexts."""
    for context in contexts(REPOSITORY):
        if stacks.has(context) and (REPOSITORY / "contexts" / context / "reader.py").is_file():
            reader = reader_of(context, target, stacks)
            if isinstance(reader, Remembers):
                yield context, reader
