"""`make setup` checks its interpreter, `make clean` removes what git ignores, `make types` learns a package once."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from takeaway.paths import REPOSITORY

FIT, OLD, OTHER = "3.11.7", "3.10.13", "3.13.0"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a folder with a space and a non-ASCII letter in its name, with the files that set-up needs first."""
    folder = tmp_path / "my clöne"
    (folder / "requirements").mkdir(parents=True)
    for file in ("Makefile", ".gitignore", "requirements/environment.sh"):
        shutil.copy(REPOSITORY / file, folder / file)
    return folder


def interpreter(file: Path, version: str) -> Path:
    """Write a script that answers the two questions of set-up like a Python of that version."""
    fits = "0" if version != OLD else "1"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f'#!/bin/sh\ncase "$2" in *print*) echo "Python {version} of /usr";; *) exit {fits};; esac\n')
    file.chmod(0o755)
    return file


def check(clone: Path, python: str | Path, origin: str = "command line") -> subprocess.CompletedProcess[str]:
    script = clone / "requirements" / "environment.sh"
    return subprocess.run([script, str(python), origin], capture_output=True, text=True, check=False)


def environment(clone: Path, version: str, made_in: Path | None = None) -> Path:
    interpreter(clone / ".venv/bin/python", version)
    (clone / ".venv/.uv").write_text(f"{made_in or clone}\n")
    (clone / ".engine").mkdir()
    return clone / ".venv"


@pytest.mark.parametrize("python", ["nonsense", "", "/no/such python"])
def test_what_is_no_interpreter_is_refused_by_name(clone: Path, python: str) -> None:
    done = check(clone, python)
    assert done.returncode == 1
    assert f"PYTHON={python} does not run" in done.stderr


def test_one_that_is_too_old_is_refused_with_its_version(clone: Path) -> None:
    done = check(clone, interpreter(clone / "old", OLD))
    assert done.returncode == 1
    assert "Takeaway needs Python 3.11 or newer" in done.stderr
    assert f"is Python {OLD}" in done.stderr


def test_make_asks_before_it_installs_anything(clone: Path) -> None:
    old = interpreter(clone / "old", OLD)
    done = subprocess.run(["make", "setup", f"PYTHON={old}"], cwd=clone, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert f"is Python {OLD}" in done.stderr
    assert not (clone / ".venv").exists()


def test_the_environments_of_another_interpreter_are_made_anew(clone: Path) -> None:
    made = environment(clone, FIT)
    done = check(clone, interpreter(clone / "other", OTHER))
    assert f"it has Python {FIT} of /usr" in done.stdout
    assert not made.exists()
    assert not (clone / ".engine").exists()


@pytest.mark.parametrize("origin", ["file", "default"])
def test_an_interpreter_that_nobody_gave_changes_nothing(clone: Path, origin: str) -> None:
    made = environment(clone, FIT)
    assert check(clone, interpreter(clone / "other", OTHER), origin).stdout == ""
    assert made.exists()


def test_the_same_interpreter_changes_nothing(clone: Path) -> None:
    made = environment(clone, FIT)
    assert check(clone, interpreter(clone / "same", FIT)).stdout == ""
    assert made.exists()


def test_environments_are_made_anew_where_the_folder_was_renamed(clone: Path) -> None:
    made = environment(clone, FIT, made_in=clone.parent / "before")
    assert "it was made in" in check(clone, "", "file").stdout
    assert not made.exists()


def test_environments_are_made_anew_where_their_interpreter_is_gone(clone: Path) -> None:
    made = environment(clone, FIT)
    (made / "bin/python").unlink()
    (made / "bin/python").symlink_to("/no/such/python")
    assert "its interpreter is gone" in check(clone, "", "file").stdout
    assert not made.exists()


def test_clean_removes_all_that_git_ignores(clone: Path) -> None:
    ignored = [line.strip("/\n") for line in (clone / ".gitignore").read_text().splitlines()]
    folders = [clone / each.replace("*", "takeaway") for each in ignored if not each.endswith((".js", ".json"))]
    files = [clone / each for each in ignored if each.endswith((".js", ".json"))]
    for folder in (*folders, clone / "contexts/orders/__pycache__"):
        (folder / "inside").mkdir(parents=True)
    for file in files:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    (clone / ".git/__pycache__").mkdir(parents=True)
    subprocess.run(["make", "clean"], cwd=clone, capture_output=True, check=True)
    assert [path for path in (*folders, *files) if path.exists()] == []
    assert not list((clone / "contexts").rglob("__pycache__"))
    assert (clone / ".git/__pycache__").exists()


def test_a_home_that_cannot_be_written_is_replaced_for_whatever_make_runs(clone: Path) -> None:
    (clone / "Makefile").write_text((clone / "Makefile").read_text() + '\nhome:\n\t@echo "$$HOME"\n')
    for home, expected in (("/dev/null/nobody", clone / ".home"), (str(clone), clone)):
        run = subprocess.run(
            ["make", "--no-print-directory", "home"],
            cwd=clone,
            env={**os.environ, "HOME": home},
            capture_output=True,
            text=True,
            check=True,
        )
        assert run.stdout == f"{expected}\n"


def test_the_interpreter_of_these_tests_fits(clone: Path) -> None:
    assert check(clone, sys.executable).returncode == 0


def patiently(*arguments: str) -> subprocess.CompletedProcess[str]:
    program = (
        f"import sys; sys.path.insert(0, {str(REPOSITORY / 'requirements')!r}); import patient;"
        f"sys.exit(patient.main('npm', {sys.executable!r}, '-c', {arguments[0]!r}, first=0.2, limit=1.0))"
    )
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)


def test_a_step_of_set_up_says_how_long_it_takes_and_ends_as_its_command_does() -> None:
    done = patiently("import sys, time; time.sleep(0.7); print('done'); sys.exit(3)")
    assert (done.returncode, done.stdout) == (3, "setup: npm\ndone\n")
    assert done.stderr == "… setup: npm (0 s)\n" * 2


def test_a_step_of_set_up_that_does_not_end_is_stopped() -> None:
    done = patiently("import time; time.sleep(60)")
    assert done.returncode == 1
    assert done.stderr.endswith("Not done after 1 s, and stopped: npm; what it said is above.\n")


def test_what_is_known_of_the_types_of_packages_is_there_in_the_next_clone_that_has_the_same(
    clone: Path, tmp_path: Path
) -> None:
    said = []
    for name, lock in (("one", "a\n"), ("two", "a\n"), ("other packages", "b\n")):
        folder = shutil.copytree(clone, tmp_path / name)
        shutil.copy(REPOSITORY / "requirements/types.sh", folder / "requirements/types.sh")
        (folder / "requirements/dev.lock").write_text(lock)
        (folder / "pyproject.toml").touch()
        mypy = folder / "bin/mypy"
        mypy.parent.mkdir()
        mypy.write_text("#!/bin/sh\ncat .mypy_cache/known || { mkdir .mypy_cache; echo known >.mypy_cache/known; }\n")
        mypy.chmod(0o755)
        own = {"PATH": f"{mypy.parent}{os.pathsep}{os.environ['PATH']}", "HOME": str(tmp_path / "home")}
        done = subprocess.run(
            [folder / "requirements/types.sh"], env=own, stdout=subprocess.PIPE, text=True, check=True
        )
        said.append(done.stdout)
    assert said == ["", "known\n", ""]
