"""What a change costs in each system: its patch is applied to a copy, and the copy's templates are held against ours.

Everything is counted: files and lines that are new or changed, which of them somebody has to write, and the stacks
whose templates (and so whose bundles, whose hashes are in them) come out differently.
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
    """`lines_added` and `lines_removed` are of code, templates and schemas; `test_lines` were added to tests."""

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
    """What is new or changed, and of that what is written `by_hand` where the rest is made by `takeaway new-context`.

    `stacks` have to be deployed again, `contexts` are those whose folders are touched: teams that have to do something.
    """

    change: str
    all: Size = Size()
    by_hand: Size | None = None
    stacks: tuple[str, ...] = ()
    contexts: tuple[str, ...] = ()


def names() -> list[str]:
    return sorted({patch.parent.name for patch in CHANGES.glob("*/*.patch")})


def patch_of(change: str, system: Wiring) -> Path | None:
    """None where the system does already what the change asks for."""
    patch = CHANGES / change / f"{system}.patch"
    return patch if patch.exists() else None


def measured(system: Wiring) -> Sequence[ChangeCost]:
    """Every change in one system. Raises UsageError if a patch does not fit this folder any more."""
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
    """Stacks that are new, gone, or not as they were."""
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
    """As `numstat`, of all that the change is made of: what is generated before the patch is applied counts as well."""
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
    """Lines added and removed, and the path, of each file of a patch. Raises UsageError if there is none."""
    found = patch.resolve()
    # Outside of any repository: within one, git counts only what lies below the folder that it is called in.
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
    """Whose it is: an example is orders in another wiring, and schemas are of the context that publishes the events."""
    match path.split("/"):
        case ["contexts", context, *_]:
            return context
        case ["shared", "schemas", source, _, *_]:
            return context_of(source)
        case ["examples", *_]:
            return "orders"
        case _:
            return None
