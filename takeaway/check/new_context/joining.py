"""How a new context becomes known: one line each in the few files that list contexts. Pure: from text to text."""

import re
from collections.abc import Callable

from takeaway.check.new_context.naming import NewContext
from takeaway.errors import TakeawayError


class NoPlace(TakeawayError):
    """A file is not as expected any more; the message says what to add by hand, and to which file."""

    def __init__(self, file: str, line: str) -> None:
        super().__init__(f"{file} has no place for the new context any more; nothing was written. Add to it: {line}")


def in_import_rules(text: str, new: NewContext) -> str:
    """pyproject.toml: the layers inside a context hold for this one as well."""
    return _once(
        text, r'(id = "layers"\n(?:.*\n)*?containers = \[[^\]]*)', f', "contexts.{new.name}"', "pyproject.toml"
    )


def in_engine_requirements(text: str, new: NewContext) -> str:
    """requirements/engine.in: what its functions import is there on the embedded engine."""
    return text.rstrip("\n") + f"\n-r ../contexts/{new.name}/requirements.in\n"


def in_code_owners(text: str, new: NewContext) -> str:
    """CODEOWNERS: its team owns its code, its tests and its pipeline."""
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
