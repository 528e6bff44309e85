"""Make copies of the repository in which commands run as in the original."""

import os
import shutil
from pathlib import Path

from takeaway import git
from takeaway.paths import REPOSITORY, TOOLS, copied
from takeaway.run.deploy.kept import KEPT

OURS = ("AWS_", "TAKEAWAY_", "COLUMNS", "PYTHONPATH")
INSTALLED = (".venv", ".engine", "node_modules", KEPT.name)


def copy_repository(folder: Path) -> Path:
    """Copy the repository; installed packages and kept assemblies are shared by links.

    Commands there need the copy on PYTHONPATH, because the original is installed.
    """
    copied(folder)
    KEPT.mkdir(exist_ok=True)
    for installed in INSTALLED:
        (folder / installed).symlink_to(REPOSITORY / installed)
    return folder


def environment_in(copy: Path) -> dict[str, str]:
    """Make the environment of a reader who has activated the virtual environment in a copy."""
    theirs = {name: value for name, value in git.environment().items() if not name.startswith(OURS)}
    return theirs | {"PATH": f"{TOOLS}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(copy)}


def know_types(folder: Path) -> None:
    """Copy mypy's cache, if there is one.

    Without it mypy would check all libraries anew in the copy, which takes a minute.
    """
    known = REPOSITORY / ".mypy_cache"
    if known.is_dir():
        shutil.copytree(known, folder / known.name)
