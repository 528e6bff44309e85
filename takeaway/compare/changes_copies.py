"""Copies of this folder: as it is or patched, and what app.py makes of each."""

import json
import shutil
import sys
from pathlib import Path

from takeaway import git
from takeaway.deploy.cdk import AS_THE_CLI, QUIET
from takeaway.deploy.tools import full_environment, run
from takeaway.errors import TakeawayError, UsageError
from takeaway.sources import copied
from takeaway.templates.assembly import QUICK
from takeaway.wiring import Wiring

TEMPLATE = ".template.json"
REFRESH = "examples/changes/README.md says how a patch is refreshed"


def patched(folder: Path, patch: Path) -> Path:
    """A copy with the patch in it. Raises UsageError if it does not fit."""
    return applied(copied(folder), patch)


def applied(folder: Path, patch: Path) -> Path:
    """The same copy, with the patch in it. Raises UsageError if it does not fit."""
    if not shutil.which("git"):
        raise TakeawayError("git applies the patches of examples/changes: it is not on PATH.")
    # A repository of its own: within another one, git would leave out what that one ignores.
    git.run("init", "--quiet", folder=folder).check_returncode()
    done = git.run("apply", str(patch.resolve()), folder=folder)
    if done.returncode:
        raise UsageError(f"{patch} does not fit any more ({REFRESH}):\n{done.stderr.decode(errors='replace').strip()}")
    return folder


def templates(folder: Path, system: Wiring, out: Path) -> dict[str, bytes]:
    """The template of each stack, by the part of its name after the stage."""
    context = json.dumps({**AS_THE_CLI, **QUICK, "system": system})
    environment = {**QUIET, "CDK_OUTDIR": str(out), "CDK_CONTEXT_JSON": context, "PYTHONPATH": str(folder)}
    command = [sys.executable, str(folder / "app.py")]
    run(command, environment=full_environment(environment), log=out.with_suffix(".log"), folder=folder)
    found = sorted(out.glob(f"*{TEMPLATE}"))
    return {file.name.removesuffix(TEMPLATE).split("-", 2)[2]: file.read_bytes() for file in found}
