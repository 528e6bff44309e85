"""Every context has a team that reviews its changes, and every line is about existing files."""

from pathlib import Path

import pytest
from codeowners import CodeOwners

from shared import schema_tools
from shared.infrastructure.bundle_contents import REPOSITORY
from takeaway.paths import contexts

TEXT = (REPOSITORY / ".github/CODEOWNERS").read_text(encoding="utf-8")
CONTEXTS = list(contexts(REPOSITORY))
PLATFORM = ["@takeaway/platform"]


def owners(path: str, text: str = TEXT) -> list[str]:
    return [name for _, name in CodeOwners(text).of(path)]


def patterns(text: str = TEXT) -> list[str]:
    return [line.split()[0] for line in text.splitlines() if line and not line.startswith("#")]


@pytest.mark.parametrize("context", CONTEXTS)
def test_what_is_of_a_context_belongs_to_its_team(context: str) -> None:
    for path in (
        f"contexts/{context}/infrastructure/stack.py",
        f"contexts/{context}/README.md",
        f"docs/runbooks/{context}.md",
        f"tests/{context}/test_anything.py",
        f".github/workflows/{context}.yml",
    ):
        assert owners(path) == [f"@takeaway/{context}"], path


def test_a_schema_belongs_to_those_who_publish_it() -> None:
    publishers = [each for each in schema_tools.sources() if schema_tools.context_of(each) in CONTEXTS]
    assert publishers
    for source in publishers:
        for file in (schema_tools.FOLDER / source).rglob("*.json"):
            assert owners(str(file.relative_to(REPOSITORY))) == [f"@takeaway/{schema_tools.context_of(source)}"]


@pytest.mark.parametrize(
    "path",
    [
        ".github/CODEOWNERS",
        ".github/workflows/bus.yml",
        ".github/workflows/context.yml",
        "app.py",
        "cdk.json",
        "docs/teams.md",
        "shared/bus/infrastructure/stack.py",
        "takeaway/main.py",
        "tests/system/e2e/test_teams.py",
    ],
)
def test_what_all_share_belongs_to_the_platform_team(path: str) -> None:
    assert owners(path) == PLATFORM


def test_a_context_that_was_forgotten_would_be_noticed() -> None:
    without = "\n".join(line for line in TEXT.splitlines() if "/contexts/promotions/" not in line)
    assert owners("contexts/promotions/README.md", without) == PLATFORM


def test_every_line_is_about_something_that_there_is() -> None:
    missing = [each for each in patterns() if each != "*" and not Path(REPOSITORY, each.strip("/")).exists()]
    assert missing == []
    assert len(patterns()) == len(set(patterns()))
