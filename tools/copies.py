"""A copy of the repository, in which commands run as in the original."""

import shutil
from pathlib import Path

from takeaway.paths import REPOSITORY, copied
from takeaway.run.deploy.kept import KEPT

INSTALLED = (".venv", ".engine", "node_modules", KEPT.name)


def copy_repository(folder: Path) -> Path:
    """What is installed, and what was synthesized of the same sources, is shared. Whoever runs something there has to
    have the copy on PYTHONPATH: the original is installed.
    """
    copied(folder)
    KEPT.mkdir(exist_ok=True)
    for installed in INSTALLED:
        (folder / installed).symlink_to(REPOSITORY / installed)
    return folder


def know_types(folder: Path) -> None:
    """Give a copy what mypy knows of the original, if it was there: it will look at what differs, not for a minute at
    all the libraries.
    """
    known = REPOSITORY / ".mypy_cache"
    if known.is_dir():
        shutil.copytree(known, folder / known.name)
