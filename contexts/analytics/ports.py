"""What analytics needs from the world: one lake. Adapters implement it; so do the fakes of the tests."""

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol


class LakeUnavailable(Exception):
    """The lake did not do what it was asked to; trying again may help."""


class Conflict(Exception):
    """Somebody else has replaced the object since it was read."""


class Lake(Protocol):
    """Objects by name. Each is written as a whole or not at all. Everything here raises LakeUnavailable."""

    def put(self, name: str, content: bytes) -> None: ...

    def add(self, name: str, content: bytes) -> None:
        """Put it, unless there is an object of that name: then leave that as it is."""

    def names(self, prefix: str, *, most: int | None = None) -> list[str]:
        """All, or no more than so many of them, where that is enough to know."""

    def versions(self, prefix: str) -> dict[str, str]:
        """What `version` says of each, by their names."""

    def fetch(self, names: Iterable[str], folder: Path) -> list[Path]:
        """The objects as files to read, in that folder or where they are; those that are gone are left out."""

    def version(self, name: str) -> str | None:
        """What tells this content of the object from the next; None while there is no such object."""

    def replace(self, name: str, file: Path, *, expected: str | None) -> None:
        """Put the file in the place of the version that is expected there. Raises Conflict when it is another."""

    def delete(self, names: Iterable[str]) -> None: ...
