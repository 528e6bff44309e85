"""The CDK apps of this repository: one at the top that has everything, and one for each context.

An app's fingerprint is a hash of all that its templates are made from, so an equal one means that nothing changed.
"""

import hashlib
import json
import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from shared.deployables import folders
from takeaway.errors import UsageError
from takeaway.paths import REPOSITORY
from takeaway.wiring import Wiring

# Sources of every app: the code that stacks are built with, and the lock files that pin the tools.
ALWAYS = ("shared", "requirements", "package-lock.json")
FOR_ALL = ("app.py", "cdk.json")
EVERYTHING = (*FOR_ALL, "contexts", "examples")
IGNORED = ("__pycache__", "cdk.out")


@dataclass(frozen=True)
class CdkApp:
    """A folder with a cdk.json. `sources` are the files and folders that its templates are made from."""

    repository: Path
    name: str  # the folder's path in the repository
    sources: tuple[str, ...]

    @property
    def folder(self) -> Path:
        return self.repository / self.name

    def has(self, file: Path) -> bool:
        """True if the app's templates are made from a file, given by its path in the repository."""
        return any(file.is_relative_to(source) for source in self.sources)

    @property
    def module(self) -> str:
        """The module that makes a context's templates: shared/run_app.py imports it."""
        return ".".join((*Path(self.name).parts, "infrastructure", "app"))

    @cached_property
    def command(self) -> Sequence[str]:
        """The command of cdk.json with which the CDK CLI runs the app, by this interpreter."""
        program, *arguments = shlex.split(json.loads((self.folder / "cdk.json").read_text(encoding="utf-8"))["app"])
        return [sys.executable if program == "python" else program, *arguments]


def is_shared(file: Path) -> bool:
    """True if the templates of several contexts are made from a file, given by its path in the repository."""
    return any(file.is_relative_to(source) for source in (*ALWAYS, *FOR_ALL))


def everything(repository: Path = REPOSITORY) -> CdkApp:
    return CdkApp(repository, ".", EVERYTHING + ALWAYS)


def of_context(name: str, wiring: Wiring, repository: Path = REPOSITORY) -> CdkApp:
    """Return the app of a context; orders has another in each wiring. Raises UsageError for an unknown context."""
    there = folders(repository)
    if name not in there:
        raise UsageError(f"There is no context {name!r}: contexts/ has {', '.join(there)}.")
    own = there[name].relative_to(repository).as_posix()
    folder = wiring.orders if name == "orders" else own
    return CdkApp(repository, folder, (*dict.fromkeys((folder, own)), *ALWAYS))


def is_deployable(name: str, repository: Path = REPOSITORY) -> bool:
    return name in folders(repository)


def fingerprint(context: Mapping[str, Any], app: CdkApp | None = None) -> str:
    """Hash an app's sources, or everything's, with its command and the CDK context."""
    app = app or everything()
    digest = hashlib.sha256(json.dumps([app.command[1:], dict(context)], sort_keys=True).encode())
    for file in files(app):
        digest.update(str(file.relative_to(app.repository)).encode() + b"\0")
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def files(app: CdkApp) -> Iterator[Path]:
    """Yield the files that the app's templates are made from, sorted."""
    for source in app.sources:
        path = app.repository / source
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (file for file in found if file.is_file() and not set(IGNORED) & set(file.parts))
