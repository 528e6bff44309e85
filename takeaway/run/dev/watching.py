"""The files that templates and functions are made from, watched."""

from collections.abc import Iterator
from pathlib import Path

from watchfiles import DefaultFilter, watch

from takeaway.paths import REPOSITORY
from takeaway.run.deploy.apps import IGNORED, everything

LOOK_MS = 200
STEP_MS = 50  # without another change, until what has changed is told: an editor writes a file in several steps


def changes() -> Iterator[frozenset[Path]]:
    """Each time what has been changed, added or removed, until Ctrl-C.

    Nothing at first, when it has begun to watch: what changes from then on is seen.
    """
    sources = DefaultFilter(ignore_dirs=(*DefaultFilter.ignore_dirs, *IGNORED))  # not what editors, git, Python leave
    folders = [REPOSITORY / source for source in everything().sources]
    began = False
    for found in watch(*folders, watch_filter=sources, step=STEP_MS, rust_timeout=LOOK_MS, yield_on_timeout=True):
        if found or not began:
            began = True
            yield frozenset(Path(file) for _, file in found)
