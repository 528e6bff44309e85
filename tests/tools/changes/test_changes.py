"""The change requests of examples/changes are real: each patch applies, and the copy's own tests pass."""

from pathlib import Path

import pytest

from takeaway.study.compare.changes import CHANGES
from takeaway.study.compare.changes_copies import REFRESH, Generation
from tests.tools.changes.changed_copy import ChangedCopy
from tests.tools.changes.selection import ALSO, DOES_NOT_HOLD, selected

pytestmark = pytest.mark.teaching
# A patch that is a link to another one is the same change.
PATCHES = sorted({patch.resolve() for patch in CHANGES.glob("*/*.patch")})


def name_of(patch: Path) -> str:
    return f"{patch.parent.name}-{patch.stem}"


# Generating a context pins its packages, which needs a package registry.
PINS = [pytest.mark.packages]
EACH = pytest.mark.parametrize(
    "patch", [pytest.param(each, id=name_of(each), marks=PINS if Generation.of(each) else ()) for each in PATCHES]
)


@pytest.mark.timeout(900)  # some synthesize all stacks of all systems, and the machine may be busy
@EACH
def test_the_tests_of_a_changed_copy_pass_but_for_those_that_are_named_with_a_reason(
    patch: Path, tmp_path: Path
) -> None:
    copy = ChangedCopy.of(patch, tmp_path / "copy")
    failing, told = copy.failing(selected(patch, name_of(patch)), tmp_path / "nested")
    assert failing == set(DOES_NOT_HOLD.get(name_of(patch), {})), f"{told}\n{patch.name}: {REFRESH}"


@EACH
def test_what_a_patch_adds_is_written_in_the_style_of_the_house(patch: Path, tmp_path: Path) -> None:
    copy = ChangedCopy.of(patch, tmp_path / "copy")
    for command in (["ruff", "check", "--no-cache", "."], ["ruff", "format", "--no-cache", "--check", "."]):
        done = copy.run("-m", *command)
        assert done.returncode == 0, f"{done.stdout}\n{REFRESH}"


def test_only_patches_that_are_there_have_a_selection() -> None:
    assert {*ALSO, *DOES_NOT_HOLD} <= {name_of(patch) for patch in PATCHES}


def test_what_fails_in_a_copy_is_noticed_whatever_is_set_for_the_run_around_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_ADDOPTS", "--collect-only")
    copy = ChangedCopy.of(PATCHES[0], tmp_path / "copy")
    planted = copy.folder / "tests/test_planted.py"
    planted.write_text("def test_sound(): ...\ndef test_broken(): assert 1 - 1\n", encoding="utf-8")
    failing, told = copy.failing(["tests/test_planted.py"], tmp_path / "nested")
    assert failing == {"tests/test_planted.py::test_broken"}
    assert "assert (1 - 1)" in told
