"""Watch the files that templates and functions are made from."""

from collections.abc import Iterator
from pathlib import Path

from watchfiles import DefaultFilter, watch

from takeaway.paths import REPOSITORY
from takeaway.run.deploy.apps import IGNORED, everything

LOOK_MS = 200
STEP_MS = 50  # changes are reported after a pause so long, because an editor writes a file in several steps


def changes() -> Iterator[frozenset[Path]]:
    """Yield the files that were changed, added or removed, each time there are some, until Ctrl-C.

    The first set is empty and says that watching has begun: later changes will be seen.
    """
    # Files that editors, git and Python leave are ignored.
    sources = DefaultFilter(ignore_dirs=(*DefaultFilter.ignore_dirs, *IGNORED))
    folders = [REPOSITORY / source for source in everything().sources]
    began = False
    for found in watch(*folders, watch_filter=sources, step=STEP_MS, rust_timeout=LOOK_MS, yield_on_timeout=True):
        if found or not began:
            began = True
            yield frozenset(Path(file) for _, file in found)
