"""Change the repository all at once: make everything in a copy, and move it when it is complete."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from takeaway import paths
from takeaway.errors import TakeawayError
from takeaway.interrupts import to_the_end
from takeaway.run.deploy.kept import KEPT


@contextmanager
def copy_of(repository: Path) -> Iterator[Path]:
    """Yield a copy of the repository without what was installed; it is removed at the end of the block.

    A second process waits for the first, because both would change the same files.
    """
    handle = os.open(repository, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)  # ends with this process, and needs no lock file
        with tempfile.TemporaryDirectory(prefix="takeaway-aside-", ignore_cleanup_errors=True) as folder:
            copy = paths.copied(Path(folder) / repository.name, repository)
            KEPT.mkdir(exist_ok=True)
            (copy / KEPT.name).symlink_to(KEPT)
            yield copy
    finally:
        os.close(handle)


class Differences:
    """The files of a copy that are new or changed, compared with the repository."""

    def __init__(self, copy: Path, repository: Path) -> None:
        self._copy, self._repository = copy, repository
        self._before = {path: file.read_bytes() for path, file in _files(repository).items()}

    def made(self) -> tuple[dict[str, bytes], dict[str, bytes]]:
        """Return the content of new files and of changed ones, by path."""
        now = {path: file.read_bytes() for path, file in _files(self._copy).items()}
        new = {path: content for path, content in now.items() if path not in self._before}
        changed = {path: content for path, content in now.items() if self._before.get(path, content) != content}
        return new, changed

    def move(self) -> None:
        """Move all of them into the repository, or none. Raises TakeawayError if somebody has changed one meanwhile."""
        new, changed = self.made()
        for path in (*new, *changed):
            if _content(self._repository / path) != self._before.get(path):
                raise TakeawayError(f"{path} was changed meanwhile: nothing was written, try it again.")
        missing = _missing(self._repository / path for path in new)
        written: list[str] = []
        with to_the_end():
            try:
                for path, content in {**new, **changed}.items():
                    file = self._repository / path
                    file.parent.mkdir(parents=True, exist_ok=True)
                    written.append(path)
                    file.write_bytes(content)
                    shutil.copymode(self._copy / path, file)
            except BaseException:
                self._undo(written, missing)
                raise

    def _undo(self, written: list[str], made: list[Path]) -> None:
        for path in written:
            file, before = self._repository / path, self._before.get(path)
            if before is None:
                file.unlink(missing_ok=True)
            else:
                with suppress(OSError):  # a file that can't be written was not changed either
                    file.write_bytes(before)
        for folder in made:
            with suppress(OSError):
                folder.rmdir()


def _files(root: Path) -> dict[str, Path]:
    return {file.relative_to(root).as_posix(): file for file in paths.files(root) if not file.is_symlink()}


def _content(file: Path) -> bytes | None:
    return file.read_bytes() if file.exists() else None


def _missing(files: Iterator[Path]) -> list[Path]:
    """Return the folders that do not exist yet, the innermost first."""
    found = {folder for file in files for folder in file.parents if not folder.exists()}
    return sorted(found, key=lambda folder: -len(folder.parts))
