"""git is asked about one folder, whatever repository a hook names in the environment."""

import os
from pathlib import Path

import pytest

from takeaway import git
from takeaway.check.contracts.revisions import Repository
from takeaway.run.deploy import tools

NAMED = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")


@pytest.fixture
def hooked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the repository of a hook, in which mistaken writes would be seen."""
    hooked = tmp_path / "hooked"
    hooked.mkdir()
    git.run("init", "--quiet", folder=hooked).check_returncode()
    for name, value in zip(NAMED, (hooked / ".git", hooked, hooked / ".git/index"), strict=True):
        monkeypatch.setenv(name, str(value))
    return hooked


def test_a_repository_is_that_of_the_folder_and_not_that_of_a_hook(hooked: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    before = {path: path.stat().st_mtime_ns for path in hooked.rglob("*")}
    for command in (("init", "--quiet"), ("add", ".")):
        (own / "file").write_text("text")
        git.run(*command, folder=own).check_returncode()
    assert git.run("status", "--porcelain", folder=own).stdout == b"A  file\n"
    assert Repository(own).usual_base(".") is None
    assert {path: path.stat().st_mtime_ns for path in hooked.rglob("*")} == before


def test_tools_and_libraries_that_call_git_are_told_of_no_repository(hooked: Path) -> None:
    assert not set(NAMED) & tools.full_environment({}).keys()
    with git.none_of_another():
        assert not set(NAMED) & os.environ.keys()
    assert os.environ["GIT_DIR"] == str(hooked / ".git")


def test_no_test_is_told_of_any_repository() -> None:
    assert not [name for name in os.environ if name.startswith("GIT_")]
