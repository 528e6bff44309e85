"""The port of analytics: a lake of objects. Adapters implement it with S3 and with a folder."""

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol


class LakeUnavailable(Exception):
    """The lake did not carry out a request; trying again may help."""


class Conflict(Exception):
    """Another writer has replaced the object since it was read (optimistic locking)."""


class Lake(Protocol):
    """Objects by name, each written as a whole or not at all.

    Every method raises LakeUnavailable.
    """

    def put(self, name: str, content: bytes) -> None: ...

    def add(self, name: str, content: bytes) -> None:
        """Put the object, unless there is one of that name: that one stays as it is."""

    def names(self, prefix: str, *, most: int | None = None) -> list[str]:
        """Return the names that begin with `prefix`, all or at most `most` of them."""

    def versions(self, prefix: str) -> dict[str, str]:
        """Return the version of each object whose name begins with `prefix`, by name."""

    def fetch(self, names: Iterable[str], folder: Path) -> list[Path]:
        """Return the objects as files to read, in `folder` or in place. Objects that are gone are left out."""

    def version(self, name: str) -> str | None:
        """Return a text that changes with the object's content; None if there is no such object."""

    def replace(self, name: str, file: Path, *, expected: str | None) -> None:
        """Put the file in the place of the version that is expected there. Raises Conflict if it is another."""

    def delete(self, names: Iterable[str]) -> None: ...
