"""Workflows held against the Amazon States Language by linters of it: the files, and the definitions as deployed."""

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
    """What is wrong with each workflow, behind its name. Raises NotInstalled."""
    if not INSTALLED.exists():
        raise NotInstalled("statelint")
    asked = json.dumps(list(named))
    done = programs.done([TOOLS / "node", LINTERS], what="linting workflows", text=asked)
    done.check_returncode()
    found: list[str] = json.loads(done.stdout)
    return found


def written(root: Path = REPOSITORY) -> Iterator[Named]:
    """The workflows of contexts and examples, by the path of their file. Raises UsageError when one is no JSON."""
    for file in (each for folder in ("contexts", "examples") for each in files(root / folder)):
        if file.name.endswith(SUFFIX):
            yield str(file.relative_to(root)), read_json(file)


def deployed(stacks: Stacks) -> Iterator[Named]:
    """Those of an assembly, where parameters of the deployment have been put into them, by the name of their stack."""
    for stack in stacks.values():
        yield from ((f"{stack.full_name}/{each.logical_id}", each.definition) for each in workflows(stack))
