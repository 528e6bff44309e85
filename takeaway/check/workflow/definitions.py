"""Read workflow definitions: of this folder, of a revision, and as deployed."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from shared.asl.graph import Definition, states
from takeaway.check.contracts.revisions import Base, Repository
from takeaway.check.templates.stack import STATE_MACHINE
from takeaway.drawing.in_code import FILES as IN_CODE
from takeaway.errors import TakeawayError
from takeaway.run.client.target import Target
from takeaway.run.deploy import differences
from takeaway.run.dev.workflows import parsed

FILES = "contexts/*/workflow/*.asl.json"
FOLDERS = ("contexts", "examples")


def of_folder(folder: Path) -> dict[str, Definition]:
    """Read the folder's definitions, by context. Raises TakeawayError, which names the file."""
    files = {file.relative_to(folder).as_posix(): file.read_bytes() for file in sorted(folder.glob(FILES))}
    return _by_context(files, str(folder))


def of_revision(
    folder: Path, revision: str | None, *, no_base_ok: bool = False
) -> tuple[Base | None, dict[str, Definition], dict[str, str]]:
    """Return a revision with its definitions, by context, and its workflows in code, by the example that has them.

    Without a name it is the commit where this branch left main. Raises TakeawayError if there is none, unless
    `no_base_ok`.
    """
    repository = Repository(folder)
    base = repository.compared_with(revision, *FOLDERS, no_base_ok=no_base_ok)
    if base is None:
        return None, {}, {}
    files: Mapping[str, bytes] = repository.files(base.commit)
    found = {name: content for name, content in files.items() if fnmatch(name, FILES)}
    code = {_context(name): content.decode() for name, content in files.items() if fnmatch(name, IN_CODE)}
    return base, _by_context(found, base.commit[:7]), code


def _by_context(files: Mapping[str, bytes], where: str) -> dict[str, Definition]:
    found: dict[str, Definition] = {}
    for name, content in files.items():
        if _context(name) in found:
            raise TakeawayError(f"{name} at {where}: expected one definition in the folder, because a context has one.")
        found[_context(name)] = parsed(content, f"{name} at {where}")
    return found


@dataclass(frozen=True)
class Deployed:
    """A deployed definition, and the functions that are `kept` beside it for executions of an earlier one."""

    definition: Definition
    kept: frozenset[str]


def deployed(target: Target, context: str) -> Deployed:
    """Read a context's definition from its deployed template. Raises TakeawayError.

    Placeholders stay, because their names say which function a state calls.
    """
    stack = f"{target.prefix}-{context}"
    try:
        template = differences.deployed(target, stack)
    except ClientError as error:
        raise TakeawayError(f"{stack} is not deployed, so no order is open there: {error}") from None
    machines = [each for each in template["Resources"].values() if each["Type"] == STATE_MACHINE]
    if not machines:
        raise TakeawayError(f"{stack} runs no workflow in this system.")
    said = machines[0]["Properties"]
    text = str(said["DefinitionString"])
    kept = frozenset(name for name in said.get("DefinitionSubstitutions", {}) if f"${{{name}}}" not in text)
    return Deployed(parsed(text.encode(), stack), kept)


def as_on_stage(definition: Definition, stage: Definition) -> Definition:
    """Return a file's definition with no more retries than a stage has, because its deployment limits them.

    Otherwise each step would seem to have changed wherever steps shall fail soon.
    """
    limit = max((each["MaxAttempts"] for each in _retriers(stage)), default=0)
    changed = copy.deepcopy(definition)
    for each in _retriers(changed):
        each["MaxAttempts"] = min(each["MaxAttempts"], limit)
    return changed


def _retriers(definition: Definition) -> list[dict[str, Any]]:
    found = (each for state in states(definition).values() for each in state.get("Retry", ()))
    return [each for each in found if "MaxAttempts" in each]


def _context(file: str) -> str:
    return Path(file).parts[1]
