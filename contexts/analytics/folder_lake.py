"""A lake in a folder of this machine, for generated lakes, copies and tests."""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from contexts.analytics.ports import Conflict

UNFINISHED = ".part"


class NotPossible(ValueError):
    """A request that a lake in a folder can't fulfil. The message is meant for the person who asked."""


@dataclass(frozen=True)
class FolderLake:
    """Implements the port Lake with the promises of S3.

    Objects appear whole, and a replacement that comes too late is refused.
    """

    folder: Path

    def put(self, name: str, content: bytes) -> None:
        file = self._file(name)
        unfinished = file.with_name(f"{file.name}.{os.getpid()}{UNFINISHED}")
        unfinished.write_bytes(content)
        unfinished.replace(file)

    def add(self, name: str, content: bytes) -> None:
        with self._alone():
            if not (self.folder / name).exists():
                self.put(name, content)

    def names(self, prefix: str, *, most: int | None = None) -> list[str]:
        found = (self.folder / prefix).rglob("*")
        return sorted(str(f.relative_to(self.folder)) for f in found if f.is_file() and f.suffix != UNFINISHED)[:most]

    def versions(self, prefix: str) -> dict[str, str]:
        found = ((name, self.version(name)) for name in self.names(prefix))
        return {name: version for name, version in found if version is not None}

    def fetch(self, names: Iterable[str], folder: Path) -> list[Path]:
        """Return the files in place, without copying them."""
        del folder
        return [file for file in (self.folder / name for name in names) if file.is_file()]

    def version(self, name: str) -> str | None:
        try:
            seen = (self.folder / name).stat()
        except FileNotFoundError:
            return None
        return f"{seen.st_ino}-{seen.st_size}-{seen.st_mtime_ns}"

    def replace(self, name: str, file: Path, *, expected: str | None) -> None:
        with self._alone():
            if self.version(name) != expected:
                raise Conflict(name)
            self.put(name, file.read_bytes())

    def delete(self, names: Iterable[str]) -> None:
        for name in names:
            (self.folder / name).unlink(missing_ok=True)

    def _file(self, name: str) -> Path:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        return file

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
