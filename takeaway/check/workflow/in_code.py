"""Compare workflows that are code: an open execution goes on with the version of the code that it began with.

So it survives whatever becomes of its steps. The people who wake it up call the API of now, though.
"""

from collections.abc import Iterator
from pathlib import Path

from takeaway.check.workflow.breaks import Change
from takeaway.drawing.in_code import FILES, InCode, NotUnderstood

KEPT = "open executions keep their version of the code"


def in_code(folder: Path) -> dict[str, str]:
    """Read the folder's workflows in code, by the example that has them."""
    return {file.parent.name: file.read_text(encoding="utf-8") for file in sorted(folder.glob(FILES))}


def compare_code(before: str, after: str) -> list[Change]:
    """List the changes, those that break first."""
    try:
        old, new = InCode.read(before), InCode.read(after)
    except NotUnderstood as error:
        return [Change("The workflow", f"can't be compared, but {KEPT}: {error}")]
    return sorted(_changes(old, new), key=lambda change: not change.breaks)


def _changes(old: InCode, new: InCode) -> Iterator[Change]:
    for name, wait in old.waits.items():
        if wait not in new.waits.values():
            yield Change(
                name, f"is woken up as `{wait}`, which nobody asks for any more: only its timeout ends it", breaks=True,
                way="wait for both for one release",
            )  # fmt: skip
    yield from (Change(name, f"is gone: {KEPT}") for name in old.steps if name not in new.steps)
    yield from (Change(name, f"is new: {KEPT}") for name in new.steps if name not in old.steps)
    for name in old.steps:
        if name in new.steps and set(old.next_of(name)) != set(new.next_of(name)):
            yield Change(name, f"leads elsewhere: {KEPT}")
