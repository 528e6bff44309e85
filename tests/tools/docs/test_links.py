"""Links between pages lead to existing files."""

import re
import subprocess

import pytest

from takeaway.paths import REPOSITORY

UPWARDS = re.compile(r"(?<![.\w])(?:\.\./)+\w[\w./-]*")
LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)")


def pages() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=REPOSITORY, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [name for name in listed.stdout.splitlines() if (REPOSITORY / name).exists()]


@pytest.mark.parametrize("page", pages())
def test_every_link_of_a_page_leads_somewhere(page: str) -> None:
    path = REPOSITORY / page
    links = LINK.findall(path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


def outside(file: str, text: str) -> list[str]:
    """Return the paths in a file that leave the repository, from its folder or from where commands are run."""
    folder = (REPOSITORY / file).parent if file.endswith(".md") else REPOSITORY
    return [each for each in UPWARDS.findall(text) if not (folder / each).resolve().is_relative_to(REPOSITORY)]


@pytest.mark.parametrize("file", [*pages(), "Makefile", ".ci/run", ".github/actions/setup/action.yml"])
def test_nothing_points_outside_of_the_repository(file: str) -> None:
    assert outside(file, (REPOSITORY / file).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("file", "text", "found"),
    [
        ("Makefile", "by ../shared/rig (slow)", ["../shared/rig"]),
        (".ci/run", "export RIG=${RIG:-$PWD/../shared/rig}", ["../shared/rig"]),
        ("docs/labs/README.md", "[a](../../README.md), `../../../shared/rig`", ["../../../shared/rig"]),
        ("docs/running.md", "`../shared/schemas`, a.../b", []),
    ],
)
def test_what_points_outside_is_found(file: str, text: str, found: list[str]) -> None:
    assert outside(file, text) == found
