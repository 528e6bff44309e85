"""Lakes for tests: one in memory that can refuse objects, one that dies at a chosen moment."""

from collections.abc import Iterable
from pathlib import Path

from contexts.analytics.folder_lake import FolderLake
from contexts.analytics.ports import LakeUnavailable


class FakeLake:
    """A lake in memory, which can refuse objects whose names contain a text."""

    def __init__(self, *, refuses: str | None = None) -> None:
        self.objects: dict[str, bytes] = {}
        self.writes: list[str] = []
        self.refuses = refuses

    def put(self, name: str, content: bytes) -> None:
        if self.refuses is not None and self.refuses in name:
            raise LakeUnavailable(f"{name}: SlowDown")
        self.writes.append(name)
        self.objects[name] = content

    def add(self, name: str, content: bytes) -> None:
        self.put(name, self.objects.get(name, content))

    @property
    def lines(self) -> dict[str, bytes]:
        """Return the objects of the raw zone, without their markers."""
        return {name: content for name, content in self.objects.items() if name.startswith("raw/")}


class Killed(BaseException):
    """The process was killed: a BaseException, so that no `except Exception` and no retry sees it."""


class MortalLake(FolderLake):
    """A lake that dies before, or right after, the n-th change; a change itself is atomic."""

    def __init__(self, folder: Path, *, at: int, done: bool) -> None:
        super().__init__(folder)
        self.__dict__.update(steps=0, at=at, done=done)

    def put(self, name: str, content: bytes) -> None:
        self._step(lambda: super(MortalLake, self).put(name, content))

    def replace(self, name: str, file: Path, *, expected: str | None) -> None:
        # FolderLake replaces by `put`, which is a further step, between comparing versions and replacing.
        self._step(lambda: super(MortalLake, self).replace(name, file, expected=expected))

    def delete(self, names: Iterable[str]) -> None:
        for name in list(names):
            self._step(lambda name=name: super(MortalLake, self).delete([name]))

    def _step(self, does):
        self.__dict__["steps"] += 1
        dies = self.__dict__["steps"] == self.__dict__["at"]
        if dies and not self.__dict__["done"]:
            raise Killed
        result = does()
        if dies:
            raise Killed
        return result
