"""What functions carry, built before: each synthesis has a folder of its own, and a layer takes a minute to build.

Their names have their hashes, so one that is there is the right one.
"""

import os
import shutil
from pathlib import Path

from takeaway.run.deploy.assembly import BUNDLES


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
