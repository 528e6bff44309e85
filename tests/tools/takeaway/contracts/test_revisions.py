"""The revision with which a change is compared, on a branch, on main, and in clones that lack either."""

import subprocess
from pathlib import Path

import pytest

from takeaway.check.contracts.revisions import NoRepository, Repository
from takeaway.errors import UsageError

NAMES = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.com", "-c", "init.defaultBranch=main")


def git(folder: Path, *command: str) -> str:
    return subprocess.run(
        ["git", *NAMES, *command], cwd=folder, capture_output=True, text=True, check=True
    ).stdout.strip()


def commit(folder: Path, text: str, file: str = "schemas/a.json") -> str:
    (folder / file).parent.mkdir(exist_ok=True)
    (folder / file).write_text(text, encoding="utf-8")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", text)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def upstream(tmp_path: Path) -> Path:
    """Return a repository with two commits on main."""
    folder = tmp_path / "upstream"
    folder.mkdir()
    git(folder, "init", "--quiet")
    commit(folder, "one")
    commit(folder, "two")
    return folder


@pytest.fixture
def clone(upstream: Path, tmp_path: Path) -> Path:
    git(tmp_path, "clone", "--quiet", str(upstream), "clone")
    return tmp_path / "clone"


def usual(folder: Path) -> tuple[str, str] | None:
    base = Repository(folder).usual_base("schemas")
    return (base.commit, base.why) if base else None


def test_a_branch_is_compared_with_where_it_left_main(upstream: Path, clone: Path) -> None:
    left = git(clone, "rev-parse", "HEAD")
    git(clone, "checkout", "--quiet", "-b", "work")
    commit(clone, "mine")
    commit(upstream, "somebody else's, since")
    git(clone, "fetch", "--quiet")
    assert usual(clone) == (left, "where this branch left origin/main")
    explicit = Repository(clone).base("origin/main")
    assert (explicit.commit, explicit.why) == (left, "where this branch left origin/main")


def test_a_branch_of_a_clone_without_origin_is_compared_with_its_own_main(upstream: Path) -> None:
    left = git(upstream, "rev-parse", "HEAD")
    git(upstream, "checkout", "--quiet", "-b", "work")
    commit(upstream, "mine")
    assert usual(upstream) == (left, "where this branch left main")


@pytest.mark.parametrize("own", [True, False])
def test_main_itself_is_compared_with_the_commit_before(upstream: Path, clone: Path, own: bool) -> None:
    folder = upstream if own else clone
    assert usual(folder) == (git(folder, "rev-parse", "HEAD^"), "the commit before HEAD, which is on main")


def test_after_a_merge_the_commit_before_is_main_as_it_was(upstream: Path) -> None:
    before = git(upstream, "rev-parse", "HEAD")
    git(upstream, "checkout", "--quiet", "-b", "work")
    commit(upstream, "mine", "schemas/b.json")
    commit(upstream, "mine too", "schemas/c.json")
    git(upstream, "checkout", "--quiet", "main")
    git(upstream, "merge", "--quiet", "--no-ff", "--message", "Merge", "work")
    assert usual(upstream) == (before, "the commit before HEAD, which is on main")


def test_a_change_on_main_that_is_not_committed_is_compared_with_the_last_commit(clone: Path) -> None:
    (clone / "elsewhere.txt").touch()
    assert usual(clone) == (git(clone, "rev-parse", "HEAD^"), "the commit before HEAD, which is on main")
    (clone / "schemas/new.json").touch()
    assert usual(clone) == (git(clone, "rev-parse", "HEAD"), "the last commit")


def test_a_detached_head_is_as_good_as_a_branch(clone: Path) -> None:
    git(clone, "checkout", "--quiet", "--detach")
    assert usual(clone) == (git(clone, "rev-parse", "HEAD^"), "the commit before HEAD, which is on main")


def test_a_shallow_clone_and_a_first_commit_have_nothing_to_compare_with(upstream: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{upstream}", "shallow")
    assert usual(tmp_path / "shallow") is None
    first = tmp_path / "first"
    first.mkdir()
    git(first, "init", "--quiet")
    assert usual(first) is None
    commit(first, "one")
    assert usual(first) is None


def test_a_branch_whose_main_is_not_known_has_nothing_to_compare_with(upstream: Path, tmp_path: Path) -> None:
    """The commit before HEAD would hide changes of earlier commits of the branch."""
    git(upstream, "checkout", "--quiet", "-b", "work")
    for text in ("three", "four"):
        commit(upstream, text)
    git(upstream, "checkout", "--quiet", "main")  # a clone takes it for the origin's HEAD
    url = f"file://{upstream}"
    git(tmp_path, "clone", "--quiet", "--single-branch", "--branch", "work", url, "single")
    git(tmp_path, "clone", "--quiet", "--depth", "2", "--branch", "work", url, "shallow")
    git(tmp_path / "shallow", "fetch", "--quiet", "--depth", "1", "origin", "main:refs/remotes/origin/main")
    for name, is_shallow in (("single", False), ("shallow", True)):
        repository = Repository(tmp_path / name)
        assert repository.usual_base("schemas") is None
        assert repository.is_shallow is is_shallow


def test_a_named_revision_is_taken_as_it_is_if_it_is_behind(clone: Path) -> None:
    git(clone, "tag", "release", "HEAD^")
    base = Repository(clone).base("release")
    assert (base.commit, base.why) == (git(clone, "rev-parse", "HEAD^"), "release")


@pytest.mark.parametrize("revision", ["nope", "--all", "HEAD:schemas", "", "0" * 40])
def test_what_is_no_commit_is_refused_with_a_way_out(clone: Path, revision: str) -> None:
    with pytest.raises(UsageError, match=r"There is no revision .* fetch it first"):
        Repository(clone).base(revision)


def test_a_folder_that_is_no_repository_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    for ask in (lambda each: each.base("HEAD"), lambda each: each.usual_base("schemas")):
        with pytest.raises(NoRepository, match=str(tmp_path)):
            ask(Repository(tmp_path))


def test_without_git_that_is_said(clone: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoRepository, match="git is not installed"):
        Repository(clone).usual_base("schemas")


def test_the_files_of_a_commit_are_read_without_touching_the_work_tree(clone: Path) -> None:
    (clone / "schemas/a.json").write_text("mine", encoding="utf-8")
    files = Repository(clone).files(git(clone, "rev-parse", "HEAD^"))
    assert files == {"schemas/a.json": b"one"}
    assert (clone / "schemas/a.json").read_text(encoding="utf-8") == "mine"
    assert git(clone, "status", "--porcelain") == "M schemas/a.json"


def test_a_project_in_a_folder_of_a_larger_repository_sees_its_own_files(upstream: Path) -> None:
    assert Repository(upstream / "schemas").files("HEAD") == {"a.json": b"two"}
