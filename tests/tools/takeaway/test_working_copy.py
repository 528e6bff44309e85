"""Files that are made aside are moved all at once, or not at all."""

from collections.abc import Callable
from pathlib import Path

import pytest

from takeaway import paths
from takeaway.check.new_context.generate import generate
from takeaway.check.new_context.naming import NewContext
from takeaway.check.new_context.working_copy import Differences, copy_of
from takeaway.errors import TakeawayError, UsageError
from takeaway.paths import REPOSITORY


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "a repository"
    (folder / "contexts/orders").mkdir(parents=True)
    (folder / "app.py").write_text("before\n")
    (folder / "contexts/orders/__init__.py").touch()
    return folder


def contents(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() if path.is_file() else "/" for path in folder.rglob("*")}


def changed(repository: Path, then: Callable[[Path], object]) -> None:
    with copy_of(repository) as copy:
        made = Differences(copy, repository)
        change(copy)
        then(copy)
        made.move()


def raised(error: type[BaseException]) -> None:
    raise error


def change(copy: Path) -> None:
    (copy / "app.py").write_text("after\n")
    (copy / "contexts/loyalty/domain").mkdir(parents=True)
    (copy / "contexts/loyalty/domain/rule.py").write_text("new\n")


def test_all_that_was_made_is_moved(repository: Path) -> None:
    changed(repository, lambda _: contents(repository)["app.py"] == "before\n" or pytest.fail("moved too early"))
    assert contents(repository)["app.py"] == "after\n"
    assert contents(repository)["contexts/loyalty/domain/rule.py"] == "new\n"


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError, SystemExit])
def test_what_was_interrupted_leaves_everything_as_it_was(repository: Path, error: type[BaseException]) -> None:
    before = contents(repository)
    with pytest.raises(error):
        changed(repository, lambda _: raised(error))
    assert contents(repository) == before


def test_what_can_not_be_moved_to_its_end_is_undone(repository: Path) -> None:
    (repository / "docs").touch()  # a file in the place of a folder
    before = contents(repository)

    def add_a_page(copy: Path) -> None:
        (copy / "docs").unlink()
        (copy / "docs").mkdir()
        (copy / "docs/page.md").touch()

    with pytest.raises(OSError, match="docs"):
        changed(repository, add_a_page)
    assert contents(repository) == before


def test_what_somebody_has_changed_meanwhile_is_not_overwritten(repository: Path) -> None:
    with pytest.raises(TakeawayError, match=r"app\.py was changed meanwhile"):
        changed(repository, lambda _: (repository / "app.py").write_text("somebody's\n"))
    assert contents(repository)["app.py"] == "somebody's\n"
    assert not (repository / "contexts/loyalty").exists()


@pytest.mark.parametrize("there", ["contexts/loyalty/notes.md", "tests/loyalty/test_it.py"])
def test_a_folder_with_a_source_in_it_is_not_mixed_with(repository: Path, there: str) -> None:
    (repository / there).parent.mkdir(parents=True)
    (repository / there).touch()
    with pytest.raises(UsageError, match="already: nothing was written"):
        generate(
            NewContext("loyalty", "order_completed"), log=repository / "log", step=lambda _: None, repository=repository
        )


def test_a_folder_that_holds_no_source_is_no_context_and_no_source(tmp_path: Path) -> None:
    for name in ("contexts/loyalty/__pycache__", "contexts/loyalty/domain/__pycache__", "contexts/__pycache__"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "__init__.cpython-311.pyc").touch()
    assert list(paths.files(tmp_path)) == []
    assert paths.contexts(tmp_path) == ()
    assert paths.contexts(REPOSITORY) == ("analytics", "console", "orders", "promotions")
