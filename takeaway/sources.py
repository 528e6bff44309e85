"""Which folders hold sources, and which of them are contexts. What Python and git leave behind is neither."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from takeaway.paths import REPOSITORY

MADE = (
    ".*_cache", ".assemblies", ".audit", ".engine", ".git", ".home", ".hypothesis", ".localstack", ".takeaway", ".venv",
    "__pycache__", "*.egg-info", "cdk.out", "node_modules",
)  # fmt: skip
NOT_COPIED = shutil.ignore_patterns(*MADE)


def contexts(root: Path) -> tuple[str, ...]:
    """A context is a package in contexts/: whoever adds one need not tell anybody."""
    return tuple(sorted(path.parent.name for path in root.glob("contexts/*/__init__.py")))


def files(folder: Path) -> Iterator[Path]:
    """Every file below a folder that somebody wrote, none of those that were installed or made."""
    if not folder.is_dir():
        return
    entries = sorted(folder.iterdir())
    made = NOT_COPIED(str(folder), [entry.name for entry in entries])
    for entry in entries:
        if entry.name not in made:
            yield from files(entry) if entry.is_dir() else (entry,)


def copied(folder: Path, repository: Path = REPOSITORY) -> Path:
    """All of this folder but what was installed or made."""
    shutil.copytree(repository, folder, ignore=NOT_COPIED, symlinks=True)
    return folder
