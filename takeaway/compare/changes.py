"""What a change costs in each system: its patch is applied to a copy, and the copy's templates are held against ours.

Everything is counted: files and lines of the patch, and the stacks whose templates (and so whose bundles, whose hashes
are in them) come out differently.
"""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from shared.schema_tools import context_of
from takeaway import git
from takeaway.compare.changes_copies import patched, templates
from takeaway.errors import UsageError
from takeaway.paths import REPOSITORY
from takeaway.sources import copied
from takeaway.wiring import Wiring

CHANGES = REPOSITORY / "examples" / "changes"
GENERATED = ("requirements.txt",)  # a lock file has many lines that nobody writes
AT_ONCE = 2
Templates = Mapping[str, bytes]


@dataclass(frozen=True)
class ChangeCost:
    """`lines_added` and `lines_removed` are of code, templates and schemas; `test_lines` were added to tests.

    `stacks` have to be deployed again, `contexts` are those whose folders are touched: teams that have to do something.
    """

    change: str
    system: Wiring
    files: int
    lines_added: int
    lines_removed: int
    test_lines: int
    stacks: tuple[str, ...]
    contexts: tuple[str, ...]


def names() -> list[str]:
    return sorted({patch.parent.name for patch in CHANGES.glob("*/*.patch")})


def patch_of(change: str, system: Wiring) -> Path | None:
    """None where the system does already what the change asks for."""
    patch = CHANGES / change / f"{system}.patch"
    return patch if patch.exists() else None


def measured_changes(progress: Callable[[str], None] = lambda _: None) -> Sequence[ChangeCost]:
    """Every change in every system. Raises UsageError if a patch does not fit this folder any more."""
    cells = [(change, system) for change in names() for system in Wiring]
    with tempfile.TemporaryDirectory(prefix="takeaway-changes-") as folder, ThreadPoolExecutor(AT_ONCE) as pool:
        root = Path(folder)
        unchanged = copied(root / "unchanged")
        before = {system: pool.submit(templates, unchanged, system, root / f"before-{system}") for system in Wiring}

        def cost(cell: tuple[str, Wiring]) -> ChangeCost:
            change, system = cell
            progress(f"{change}: {system}")
            patch = patch_of(change, system)
            if patch is None:
                return ChangeCost(change, system, 0, 0, 0, 0, (), ())
            copy = patched(root / f"{change}-{system}", patch)
            after = templates(copy, system, root / f"after-{change}-{system}")
            return counted(change, system, patch, differing(before[system].result(), after))

        return list(pool.map(cost, cells))


def differing(before: Templates, after: Templates) -> tuple[str, ...]:
    """Stacks that are new, gone, or not as they were."""
    return tuple(sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name)))


def counted(change: str, system: Wiring, patch: Path, stacks: tuple[str, ...]) -> ChangeCost:
    numbers = [row for row in numstat(patch) if Path(row[2]).name not in GENERATED]
    code = [row for row in numbers if not row[2].startswith("tests/")]
    return ChangeCost(
        change,
        system,
        files=len(numbers),
        lines_added=sum(added for added, _, _ in code),
        lines_removed=sum(removed for _, removed, _ in code),
        test_lines=sum(added for added, _, path in numbers if path.startswith("tests/")),
        stacks=stacks,
        contexts=tuple(sorted({owner for _, _, path in numbers if (owner := _context(path))})),
    )


def numstat(patch: Path) -> list[tuple[int, int, str]]:
    """Lines added and removed, and the path, of each file of a patch. Raises UsageError if there is none."""
    found = patch.resolve()
    # Outside of any repository: within one, git counts only what lies below the folder that it is called in.
    done = git.run("apply", "--numstat", str(found), folder=Path(found.anchor))
    if done.returncode:
        raise UsageError(f"{patch} can't be read as a patch: {done.stderr.decode(errors='replace').strip()}")
    rows = [line.split("\t") for line in done.stdout.decode().splitlines()]
    if not rows:
        raise UsageError(f"{patch} changes nothing.")
    return [(int(added), int(removed), path) for added, removed, path in rows]


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
