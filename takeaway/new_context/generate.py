"""Generates a context from the template, and makes it known. Nothing is written unless all of it can be."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from takeaway.deploy import tools
from takeaway.errors import UsageError
from takeaway.new_context.joining import JOINS
from takeaway.new_context.naming import NewContext
from takeaway.paths import REPOSITORY, TOOLS

TEMPLATE = Path(__file__).with_name("template")


@dataclass(frozen=True)
class Generated:
    """Paths below the repository: what is new, and what has got a line more."""

    new: tuple[str, ...]
    changed: tuple[str, ...]


def generate(new: NewContext, *, log: Path, step: Callable[[str], None], repository: Path = REPOSITORY) -> Generated:
    """Write the context, its tests and its pipeline, and pin what its functions carry.

    Raises UsageError when there is something of that name already, NoPlace when a file has lost its list.
    """
    _refuse_to_overwrite(new, repository)
    joined = {file: join((repository / file).read_text(encoding="utf-8"), new) for file, join in JOINS.items()}
    step("writing the context")
    files = _from_template(new, repository)
    for file, text in joined.items():
        (repository / file).write_text(text, encoding="utf-8")
    python = [file for file in (*files, "app.py") if file.endswith(".py")]
    _run([str(TOOLS / "ruff"), "check", "--quiet", "--fix", "--select", "I", *python], repository, log)
    _run([str(TOOLS / "ruff"), "format", "--quiet", *python], repository, log)
    step("pinning what its functions carry")
    _run([str(repository / "requirements" / "lock.sh"), f"contexts/{new.name}/requirements.in"], repository, log)
    step("writing the generated pages anew")
    _run([sys.executable, "-m", "takeaway.docs"], repository, log)
    return Generated(new=(*files, f"contexts/{new.name}/requirements.txt"), changed=tuple(joined))


def _refuse_to_overwrite(new: NewContext, repository: Path) -> None:
    for taken in (
        f"contexts/{new.name}",
        f"docs/runbooks/{new.name}.md",
        f"tests/unit/{new.name}",
        f".github/workflows/{new.name}.yml",
    ):
        if (repository / taken).exists():
            raise UsageError(f"There is a {taken} already: nothing was written.")


def _from_template(new: NewContext, repository: Path) -> tuple[str, ...]:
    from copier import run_copy  # noqa: PLC0415 - a third of a second that other commands need not wait for

    before = _files(repository)
    run_copy(str(TEMPLATE), repository, data=new.answers, quiet=True, overwrite=False)
    return tuple(sorted(_files(repository) - before))


def _files(repository: Path) -> set[str]:
    folders = (repository / each for each in ("contexts", "docs/runbooks", "tests", ".github"))
    found = (path for folder in folders for path in folder.rglob("*"))
    return {str(path.relative_to(repository)) for path in found if path.is_file() and "__pycache__" not in path.parts}


def _run(command: list[str], repository: Path, log: Path) -> None:
    tools.run(command, environment=tools.full_environment({}), log=log, folder=repository)
