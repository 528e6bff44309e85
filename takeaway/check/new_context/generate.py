"""Generate a context from the template, and enter it in the files that list contexts.

Nothing is written unless all of it can be.
"""

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from takeaway import git, paths
from takeaway.check.new_context.naming import NewContext, refuse_what_is_taken
from takeaway.check.new_context.working_copy import Differences, copy_of
from takeaway.errors import TakeawayError, UsageError
from takeaway.paths import REPOSITORY, TOOLS
from takeaway.run.deploy import tools

TEMPLATE = Path(__file__).with_name("template")


class NoPlace(TakeawayError):
    """Raised for a file that is not as expected any more; the message says what to add to it by hand."""

    def __init__(self, file: str, line: str) -> None:
        super().__init__(f"{file} has no place for the new context any more; nothing was written. Add to it: {line}")


def in_import_rules(text: str, new: NewContext) -> str:
    """Add the context to the import-linter contract "layers" in pyproject.toml."""
    return _once(
        text, r'(id = "layers"\n(?:.*\n)*?containers = \[[^\]]*)', f', "contexts.{new.name}"', "pyproject.toml"
    )


def in_engine_requirements(text: str, new: NewContext) -> str:
    """Add its packages to requirements/engine.in, because the embedded engine's functions use installed packages."""
    return text.rstrip("\n") + f"\n-r ../contexts/{new.name}/requirements.in\n"


def in_code_owners(text: str, new: NewContext) -> str:
    """Add its code, tests, runbook and pipeline to CODEOWNERS, owned by its team."""
    paths = (
        f"/.github/workflows/{new.name}.yml",
        f"/contexts/{new.name}/",
        f"/docs/runbooks/{new.name}.md",
        f"/tests/{new.name}/",
    )
    owned = "".join(f"{path} @takeaway/{new.name}\n" for path in paths)
    return f"{text.rstrip()}\n\n# {new.name}\n{owned}"


JOINS: dict[str, Callable[[str, NewContext], str]] = {
    "pyproject.toml": in_import_rules,
    "requirements/engine.in": in_engine_requirements,
    ".github/CODEOWNERS": in_code_owners,
}


def _once(text: str, pattern: str, addition: str, file: str) -> str:
    joined, times = re.subn(pattern, lambda found: found[0] + addition, text, count=1)
    if not times:
        raise NoPlace(file, addition.strip(" ,\n"))
    return joined


@dataclass(frozen=True)
class Generated:
    """The paths of new files, and of files that were changed."""

    new: tuple[str, ...]
    changed: tuple[str, ...]


def generate(new: NewContext, *, log: Path, step: Callable[[str], None], repository: Path = REPOSITORY) -> Generated:
    """Write the context, its tests and its pipeline, pin its packages, and write the generated pages anew.

    Raises UsageError when the name is taken, and NoPlace when a file has lost its list of contexts.
    """
    with copy_of(repository) as copy:
        differences = Differences(copy, repository)
        _refuse_to_mix(new, copy)
        step("checking that no resource has its name already")
        refuse_what_is_taken(new)
        step("writing the context")
        files = write(new, copy, log=log)
        step("pinning its functions' packages")
        pin(new, copy, log=log)
        step("writing the generated pages anew")
        _run([sys.executable, "-m", "takeaway.study.docs"], copy, log)
        written, changed = differences.made()
        differences.move()
    pages = sorted(changed.keys() - JOINS.keys())
    return Generated(new=(*files, *sorted(written.keys() - set(files))), changed=(*JOINS, *pages))


def write(new: NewContext, folder: Path, *, log: Path) -> tuple[str, ...]:
    """Write the template's files into a copy of the repository, and return their paths.

    Raises UsageError, NoPlace.
    """
    differences = Differences(folder, folder)
    joined = {file: join((folder / file).read_text(encoding="utf-8"), new) for file, join in JOINS.items()}
    _from_template(new, folder)
    files, overwritten = differences.made()
    if overwritten:
        raise UsageError(f"There is a {min(overwritten)} already: nothing was written.")
    for file, text in joined.items():
        (folder / file).write_text(text, encoding="utf-8")
    python = [file for file in files if file.endswith(".py")]
    _run([str(TOOLS / "ruff"), "check", "--quiet", "--fix", "--select", "I", *python], folder, log)
    _run([str(TOOLS / "ruff"), "format", "--quiet", *python], folder, log)
    return tuple(sorted(files))


def pin(new: NewContext, folder: Path, *, log: Path) -> None:
    """Pin its functions' packages to the versions that all contexts use. Needs a package registry or uv's cache."""
    _run([str(folder / "requirements" / "lock.sh"), f"contexts/{new.name}/requirements.in"], folder, log)


def _refuse_to_mix(new: NewContext, copy: Path) -> None:
    """Raise UsageError if its folders have files; caches that Python leaves do not count."""
    for folder in (f"contexts/{new.name}", f"tests/{new.name}"):
        if any(paths.files(copy / folder)):
            raise UsageError(f"There is a {folder} already: nothing was written.")


def _from_template(new: NewContext, folder: Path) -> None:
    from copier import run_copy  # noqa: PLC0415 - loading it would slow other commands down

    with git.none_of_another():
        run_copy(str(TEMPLATE), folder, data=new.answers, quiet=True, overwrite=True)


def _run(command: list[str], folder: Path, log: Path) -> None:
    # PYTHONPATH puts the copy before the original, which is installed.
    tools.run(command, environment=tools.full_environment({"PYTHONPATH": str(folder)}), log=log, folder=folder)
