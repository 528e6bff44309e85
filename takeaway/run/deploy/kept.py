"""Keep assemblies and functions' bundles, so that they are not made again.

The same sources and parameters make the same templates, so an assembly is kept under their hash: a synthesis takes
some ten seconds, and commands, checks and tests need the same few again and again. Building a layer takes a minute. A
bundle's name has the hash of its content, so a file of that name can be used.
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
MOST = 64  # assemblies of about a megabyte each; those not used for longest are removed
ASSETS = "*.assets.json"  # the build commands: the only files of an assembly that contain paths of folders
EVERYTHING = "*.json"
SAME: Mapping[str, str] = MappingProxyType({})


def take(
    key: str, assembly: Path, kept: Path = KEPT, *, repository: Path = REPOSITORY, values: Mapping[str, str] = SAME
) -> bool:
    """Copy the assembly that is kept under the key into a folder; False if there is none.

    `values` replace the placeholders in it; `repository` is the folder in which its bundles will be built.
    """
    try:
        shutil.copytree(kept / key, assembly, dirs_exist_ok=True)
        os.utime(kept / key)
    except (FileNotFoundError, shutil.Error):  # never kept, or just being removed by another process
        return False
    _move(assembly, ASSETS, {placeholder: folder for folder, placeholder in _folders(assembly, repository).items()})
    _move(assembly, EVERYTHING, values)
    return True


def keep(
    key: str, assembly: Path, kept: Path = KEPT, *, repository: Path = REPOSITORY, values: Mapping[str, str] = SAME
) -> None:
    """Keep an assembly under the key, without its bundles; one that is there already stays.

    `values` are replaced by placeholders, because they differ from run to run.
    """
    kept.mkdir(exist_ok=True)
    copy = Path(tempfile.mkdtemp(prefix=".new-", dir=kept))
    try:
        shutil.copytree(assembly, copy, dirs_exist_ok=True, ignore=shutil.ignore_patterns(BUNDLES))
        _move(copy, ASSETS, _folders(assembly, repository))
        _move(copy, EVERYTHING, {value: placeholder for placeholder, value in values.items()})
        copy.rename(kept / key)
    except OSError:
        if not (kept / key).exists():  # if it exists, another process has kept the same
            raise
    finally:
        shutil.rmtree(copy, ignore_errors=True)
    _forget(kept)


def _folders(assembly: Path, repository: Path) -> dict[str, str]:
    """Map folders to placeholders for their paths. The assembly comes first, because it may lie in the repository."""
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
    """Link the bundles of one folder into another: from an assembly to the kept ones, or back."""
    target.mkdir(parents=True, exist_ok=True)
    for bundle in source.glob(BUNDLES):
        if not (target / bundle.name).exists():
            unfinished = target / f".{bundle.name}.{os.getpid()}"
            try:
                os.link(bundle, unfinished)
            except OSError:
                shutil.copy2(bundle, unfinished)  # the file system has no hard links
            unfinished.replace(target / bundle.name)
