"""What was made before and is not made again: assemblies, and the bundles of functions.

The same sources and parameters make the same templates, and a synthesis takes some ten seconds: commands, checks and
tests ask for the same few again and again. A layer takes a minute to build; the names of bundles have their hashes, so
one that is there is the right one.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from takeaway.paths import REPOSITORY
from takeaway.run.deploy.assembly import BUNDLES

KEPT = REPOSITORY / ".assemblies"
MOST = 64  # each of about a megabyte; those that were taken longest ago go
ASSETS = "*.assets.json"  # how bundles are built, and where: the only files of an assembly that name folders
EVERYTHING = "*.json"
SAME: Mapping[str, str] = MappingProxyType({})


def take(
    key: str, assembly: Path, kept: Path = KEPT, *, repository: Path = REPOSITORY, values: Mapping[str, str] = SAME
) -> bool:
    """Put what is kept under that key into a folder, to be built by that repository. False if there is nothing.

    `values` are those in it that may be others each time, by the placeholders that are kept of them.
    """
    try:
        shutil.copytree(kept / key, assembly, dirs_exist_ok=True)
        os.utime(kept / key)
    except (FileNotFoundError, shutil.Error):  # never there, or going this moment
        return False
    _move(assembly, ASSETS, {placeholder: folder for folder, placeholder in _folders(assembly, repository).items()})
    _move(assembly, EVERYTHING, values)
    return True


def keep(
    key: str, assembly: Path, kept: Path = KEPT, *, repository: Path = REPOSITORY, values: Mapping[str, str] = SAME
) -> None:
    """Keep what a folder has, without its bundles. Whoever comes second leaves what is there."""
    kept.mkdir(exist_ok=True)
    copy = Path(tempfile.mkdtemp(prefix=".new-", dir=kept))
    try:
        shutil.copytree(assembly, copy, dirs_exist_ok=True, ignore=shutil.ignore_patterns(BUNDLES))
        _move(copy, ASSETS, _folders(assembly, repository))
        _move(copy, EVERYTHING, {value: placeholder for placeholder, value in values.items()})
        copy.rename(kept / key)
    except OSError:
        if not (kept / key).exists():  # else somebody else was as quick
            raise
    finally:
        shutil.rmtree(copy, ignore_errors=True)
    _forget(kept)


def _folders(assembly: Path, repository: Path) -> dict[str, str]:
    """The assembly first: it may be within the repository."""
    return {_quoted(assembly.absolute()): "${ASSEMBLY}", _quoted(repository): "${REPOSITORY}"}


def _quoted(path: Path) -> str:
    return json.dumps(str(path), ensure_ascii=False).strip('"')


def _move(assembly: Path, files: str, names: Mapping[str, str]) -> None:
    for file in assembly.glob(files) if names else ():
        text = file.read_text(encoding="utf-8")
        for before, after in names.items():
            text = text.replace(before, after)
        file.write_text(text, encoding="utf-8")


def _forget(kept: Path) -> None:
    def age(folder: Path) -> float:
        try:
            return -folder.stat().st_mtime
        except FileNotFoundError:
            return 0

    for folder in sorted((each for each in kept.iterdir() if not each.name.startswith(".")), key=age)[MOST:]:
        shutil.rmtree(folder, ignore_errors=True)


def link(source: Path, target: Path) -> None:
    """From an assembly to those that are kept, or back. Those that are there already stay."""
    target.mkdir(parents=True, exist_ok=True)
    for bundle in source.glob(BUNDLES):
        if not (target / bundle.name).exists():
            unfinished = target / f".{bundle.name}.{os.getpid()}"
            try:
                os.link(bundle, unfinished)
            except OSError:
                shutil.copy2(bundle, unfinished)  # a file system without links
            unfinished.replace(target / bundle.name)
