"""Check workflows against the Amazon States Language with its linters: the files, and the deployed definitions."""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from shared.asl.graph import Definition
from takeaway import programs
from takeaway.check.templates.assembly import Stacks, read_json
from takeaway.check.templates.workflow import workflows
from takeaway.errors import NotInstalled
from takeaway.paths import REPOSITORY, TOOLS, files

LINTERS = Path(__file__).with_name("asl.mjs")
INSTALLED = REPOSITORY / "node_modules" / "@wmfs" / "statelint"
SUFFIX = ".asl.json"
Named = tuple[str, Definition]


def findings(named: Iterable[Named]) -> Sequence[str]:
    """Return the problems of each workflow, after its name. Raises NotInstalled."""
    if not INSTALLED.exists():
        raise NotInstalled("statelint")
    asked = json.dumps(list(named))
    done = programs.done([TOOLS / "node", LINTERS], what="linting workflows", text=asked)
    done.check_returncode()
    found: list[str] = json.loads(done.stdout)
    return found


def written(root: Path = REPOSITORY) -> Iterator[Named]:
    """Yield the workflow files of contexts and examples, by path. Raises UsageError for one that is not JSON."""
    for file in (each for folder in ("contexts", "examples") for each in files(root / folder)):
        if file.name.endswith(SUFFIX):
            yield str(file.relative_to(root)), read_json(file)


def deployed(stacks: Stacks) -> Iterator[Named]:
    """Yield the workflows of an assembly, with the deployment's parameters filled in, by stack and logical id."""
    for stack in stacks.values():
        yield from ((f"{stack.full_name}/{each.logical_id}", each.definition) for each in workflows(stack))
