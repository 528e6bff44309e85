"""The CDK apps of this repository: one at the top for everything, and one of each context for itself.

A fingerprint of one is a hash of all that its templates are made from: whether a deployment would change anything.
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

# Shared by all: what stacks are built with, and the locks that pin the tools that read them.
ALWAYS = ("shared", "requirements", "package-lock.json")
FOR_ALL = ("app.py", "cdk.json")
EVERYTHING = (*FOR_ALL, "contexts", "examples")
IGNORED = ("__pycache__", "cdk.out")


@dataclass(frozen=True)
class CdkApp:
    """A folder of a repository with a cdk.json. `sources` are the files and folders that templates are made from."""

    repository: Path
    name: str  # the folder, as it is typed in the repository
    sources: tuple[str, ...]

    @property
    def folder(self) -> Path:
        return self.repository / self.name

    def has(self, file: Path) -> bool:
        """Whether templates are made from a file, by its path in the repository."""
        return any(file.is_relative_to(source) for source in self.sources)

    @property
    def module(self) -> str:
        """What makes the templates of a context: shared/run_app.py imports it."""
        return ".".join((*Path(self.name).parts, "infrastructure", "app"))

    @cached_property
    def command(self) -> Sequence[str]:
        """How the CDK CLI starts it, by this interpreter."""
        program, *arguments = shlex.split(json.loads((self.folder / "cdk.json").read_text(encoding="utf-8"))["app"])
        return [sys.executable if program == "python" else program, *arguments]


def is_shared(file: Path) -> bool:
    """Whether the templates of several contexts are made from a file, by its path in the repository."""
    return any(file.is_relative_to(source) for source in (*ALWAYS, *FOR_ALL))


def everything(repository: Path = REPOSITORY) -> CdkApp:
    return CdkApp(repository, ".", EVERYTHING + ALWAYS)


def of_context(name: str, wiring: Wiring, repository: Path = REPOSITORY) -> CdkApp:
    """The app of one context; that of orders is another in each wiring. Raises UsageError, which names the contexts."""
    there = folders(repository)
    if name not in there:
        raise UsageError(f"There is no context {name!r}: contexts/ has {', '.join(there)}.")
    own = there[name].relative_to(repository).as_posix()
    folder = wiring.orders if name == "orders" else own
    return CdkApp(repository, folder, (*dict.fromkeys((folder, own)), *ALWAYS))


def is_deployable(name: str, repository: Path = REPOSITORY) -> bool:
    return name in folders(repository)


def fingerprint(context: Mapping[str, Any], app: CdkApp | None = None) -> str:
    """Of an app, or of everything, with the parameters that it is given."""
    app = app or everything()
    digest = hashlib.sha256(json.dumps([app.command[1:], dict(context)], sort_keys=True).encode())
    for file in files(app):
        digest.update(str(file.relative_to(app.repository)).encode() + b"\0")
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def files(app: CdkApp) -> Iterator[Path]:
    """Those that templates are made from."""
    for source in app.sources:
        path = app.repository / source
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (file for file in found if file.is_file() and not set(IGNORED) & set(file.parts))
