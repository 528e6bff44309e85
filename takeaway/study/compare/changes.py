"""Count what a change request costs in each system: apply its patch to a copy, and compare files and templates.

Counted are files and lines that are new or changed, those of them that a person has to write, and the stacks whose
templates differ. A template has the hashes of its bundles, so it differs when code does.
"""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from shared.schema_tools import context_of
from takeaway import git
from takeaway.check.templates.stack import Template
from takeaway.errors import UsageError
from takeaway.paths import REPOSITORY, copied
from takeaway.study.compare.changes_copies import Generation, applied, patched, templates
from takeaway.wiring import Wiring

CHANGES = REPOSITORY / "examples" / "changes"
LOCKED = ("requirements.txt",)  # a lock file has many lines that nobody writes
Templates = Mapping[str, Template]  # by stack
Row = tuple[int, int, str]  # lines added and removed, and the path, of a file


@dataclass(frozen=True)
class Size:
    """The size of a patch. Lines of tests are only in `test_lines`, which counts the added ones."""

    files: int = 0
    lines_added: int = 0
    lines_removed: int = 0
    test_lines: int = 0

    @classmethod
    def of(cls, rows: Sequence[Row]) -> "Size":
        code = [row for row in rows if not row[2].startswith("tests/")]
        return cls(
            files=len(rows),
            lines_added=sum(added for added, _, _ in code),
            lines_removed=sum(removed for _, removed, _ in code),
            test_lines=sum(added for added, _, path in rows if path.startswith("tests/")),
        )


@dataclass(frozen=True)
class ChangeCost:
    """The cost of a change: its whole size, and `by_hand` the part that `takeaway new-context` does not generate.

    `stacks` have to be deployed again. `contexts` have files in their folders changed, so their teams have work.
    """

    change: str
    all: Size = Size()
    by_hand: Size | None = None
    stacks: tuple[str, ...] = ()
    contexts: tuple[str, ...] = ()


def names() -> list[str]:
    return sorted({patch.parent.name for patch in CHANGES.glob("*/*.patch")})


def patch_of(change: str, system: Wiring) -> Path | None:
    """Return the patch for a system; None if the system does already what the change asks for."""
    patch = CHANGES / change / f"{system}.patch"
    return patch if patch.exists() else None


def measured(system: Wiring) -> Sequence[ChangeCost]:
    """Count every change in one system. Raises UsageError if a patch does not apply any more."""
    with tempfile.TemporaryDirectory(prefix="takeaway-changes-") as folder:
        root = Path(folder)
        before = templates(copied(root / "unchanged"), system, root / "before")

        def cost(change: str) -> ChangeCost:
            patch = patch_of(change, system)
            if patch is None:
                return ChangeCost(change)
            after = templates(patched(root / change, patch), system, root / f"after-{change}")
            return counted(change, patch, differing(before, after))

        return [cost(change) for change in names()]


def differing(before: Templates, after: Templates) -> tuple[str, ...]:
    """Name the stacks that are new, removed or changed."""
    return tuple(sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name)))


def counted(change: str, patch: Path, stacks: tuple[str, ...]) -> ChangeCost:
    rows = [row for row in changed(patch) if Path(row[2]).name not in LOCKED]
    return ChangeCost(
        change,
        all=Size.of(rows),
        by_hand=Size.of(numstat(patch)) if Generation.of(patch) else None,
        stacks=stacks,
        contexts=tuple(sorted({owner for _, _, path in rows if (owner := _context(path))})),
    )


def changed(patch: Path) -> Sequence[Row]:
    """Count lines like `numstat`, including files that are generated before the patch is applied."""
    if not Generation.of(patch):
        return numstat(patch)
    with tempfile.TemporaryDirectory(prefix="takeaway-change-") as folder:
        copy = copied(Path(folder) / "copy")
        git.run("init", "--quiet", folder=copy).check_returncode()
        git.run("add", "--all", folder=copy).check_returncode()
        applied(copy, patch, pinned=False)
        git.run("add", "--all", "--intent-to-add", folder=copy).check_returncode()
        return _rows(git.run("diff", "--numstat", folder=copy).stdout)


def numstat(patch: Path) -> Sequence[Row]:
    """Return the lines added and removed, and the path, of each file in a patch. Raises UsageError for an empty one."""
    found = patch.resolve()
    # Called outside any repository: within one, git counts only files below the current folder.
    done = git.run("apply", "--numstat", str(found), folder=Path(found.anchor))
    if done.returncode:
        raise UsageError(f"{patch} can't be read as a patch: {done.stderr.decode(errors='replace').strip()}")
    if not (rows := _rows(done.stdout)):
        raise UsageError(f"{patch} changes nothing.")
    return rows


def _rows(numbers: bytes) -> Sequence[Row]:
    split = [line.split("\t") for line in numbers.decode().splitlines()]
    return [(int(added), int(removed), path) for added, removed, path in split]


def _context(path: str) -> str | None:
    """Return the context that owns a path: examples belong to orders, schemas to the context that publishes them."""
    match path.split("/"):
        case ["contexts", context, *_]:
            return context
        case ["shared", "schemas", source, _, *_]:
            return context_of(source)
        case ["examples", *_]:
            return "orders"
        case _:
            return None
