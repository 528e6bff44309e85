"""Make copies of this folder, with or without a patch, and synthesize their templates."""

import shutil
import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from takeaway import git
from takeaway.check.new_context import NewContext, pin, write
from takeaway.check.templates.assembly import context_of, read
from takeaway.check.templates.stack import Template
from takeaway.errors import TakeawayError, UsageError
from takeaway.paths import copied
from takeaway.run.deploy import cdk
from takeaway.run.deploy.apps import everything
from takeaway.wiring import Wiring

GENERATION = "generated.toml"
REFRESH = "examples/changes/README.md says how a patch is refreshed"


class Generation(BaseModel):
    """The arguments of `takeaway new-context`, which is run before the patch with the handwritten part is applied."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    new_context: str
    on: str

    @classmethod
    def of(cls, patch: Path) -> "Generation | None":
        """Read the one that all patches of a change share; None if there is none. Raises UsageError."""
        file = patch.parent / GENERATION
        if not file.exists():
            return None
        try:
            return cls.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
        except ValueError as error:
            raise UsageError(f"{file} needs `new_context` and `on`, as for `takeaway new-context`: {error}") from None


def patched(folder: Path, patch: Path) -> Path:
    """Copy this folder and apply the change. Raises UsageError if its patch does not apply."""
    return applied(copied(folder), patch)


def applied(folder: Path, patch: Path, *, pinned: bool = True) -> Path:
    """Generate the change's context, if it has one, and apply its patch in a copy, which is returned.

    Only a copy with `pinned` packages can be synthesized. Raises UsageError if the patch does not apply.
    """
    if generation := Generation.of(patch):
        new, log = NewContext(generation.new_context, generation.on), folder.with_suffix(".log")
        write(new, folder, log=log)
        if pinned:
            pin(new, folder, log=log)
    if not shutil.which("git"):
        raise TakeawayError("git applies the patches of examples/changes: it is not on PATH.")
    # The copy becomes a repository, because within another one git would skip files that are ignored there.
    git.run("init", "--quiet", folder=folder).check_returncode()
    done = git.run("apply", str(patch.resolve()), folder=folder)
    if done.returncode:
        raise UsageError(f"{patch} does not fit any more ({REFRESH}):\n{done.stderr.decode(errors='replace').strip()}")
    return folder


def templates(folder: Path, system: Wiring, out: Path) -> dict[str, Template]:
    """Synthesize a copy's templates, by context."""
    cdk.synthesize(context_of(wiring=system), out, log=out.with_suffix(".log"), app=everything(folder))
    return {name: stack.template for name, stack in read(out).items()}
