"""Copies of this folder: as it is or patched, and what app.py makes of each."""

import shutil
import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from takeaway import git
from takeaway.check.new_context import NewContext, pin, write
from takeaway.check.templates.assembly import QUICK, read
from takeaway.check.templates.stack import Template
from takeaway.errors import TakeawayError, UsageError
from takeaway.paths import copied
from takeaway.run.deploy import cdk
from takeaway.run.deploy.apps import everything
from takeaway.wiring import Wiring

GENERATION = "generated.toml"
REFRESH = "examples/changes/README.md says how a patch is refreshed"


class Generation(BaseModel):
    """What `takeaway new-context` is called with before a patch is applied: the patch holds what is written by hand."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    new_context: str
    on: str

    @classmethod
    def of(cls, patch: Path) -> "Generation | None":
        """That of all patches of a change, if there is one. Raises UsageError if it can't be read."""
        file = patch.parent / GENERATION
        if not file.exists():
            return None
        try:
            return cls.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
        except ValueError as error:
            raise UsageError(f"{file} needs `new_context` and `on`, as for `takeaway new-context`: {error}") from None


def patched(folder: Path, patch: Path) -> Path:
    """A copy with the change in it. Raises UsageError if its patch does not fit."""
    return applied(copied(folder), patch)


def applied(folder: Path, patch: Path, *, pinned: bool = True) -> Path:
    """The same copy, with the change in it: what is generated for it, and its patch. Raises UsageError if that does
    not fit. Only what is `pinned` can be synthesized.
    """
    if generation := Generation.of(patch):
        new, log = NewContext(generation.new_context, generation.on), folder.with_suffix(".log")
        write(new, folder, log=log)
        if pinned:
            pin(new, folder, log=log)
    if not shutil.which("git"):
        raise TakeawayError("git applies the patches of examples/changes: it is not on PATH.")
    # A repository of its own: within another one, git would leave out what that one ignores.
    git.run("init", "--quiet", folder=folder).check_returncode()
    done = git.run("apply", str(patch.resolve()), folder=folder)
    if done.returncode:
        raise UsageError(f"{patch} does not fit any more ({REFRESH}):\n{done.stderr.decode(errors='replace').strip()}")
    return folder


def templates(folder: Path, system: Wiring, out: Path) -> dict[str, Template]:
    """The template of each stack, by the part of its name after the stage."""
    cdk.synthesize({**QUICK, "system": system}, out, log=out.with_suffix(".log"), app=everything(folder))
    return {name: stack.template for name, stack in read(out).items()}
