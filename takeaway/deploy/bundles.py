"""What functions carry, built before: each synthesis has a folder of its own, and a layer takes a minute to build.

Their names have their hashes, so one that is there is the right one.
"""

import os
import shutil
from pathlib import Path

from takeaway.deploy.assembly import BUNDLES


def lend(kept: Path, assembly: Path) -> None:
    _link(kept, assembly)


def keep(assembly: Path, kept: Path) -> None:
    _link(assembly, kept)


def _link(source: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for bundle in source.glob(BUNDLES):
        if not (target / bundle.name).exists():
            unfinished = target / f".{bundle.name}.{os.getpid()}"
            try:
                os.link(bundle, unfinished)
            except OSError:
                shutil.copy2(bundle, unfinished)  # a file system without links
            unfinished.replace(target / bundle.name)
