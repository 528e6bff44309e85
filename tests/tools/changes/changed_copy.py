"""A copy of the repository with a change request applied, and the results of the copy's tests."""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from takeaway.study.compare.changes_copies import applied
from tools.copies import copy_repository

WITHOUT_ENGINE = "not engine and not packages"
FAILED = re.compile(r"^(?:FAILED|ERROR) (?P<test>.+?)(?: - .*)?$", re.MULTILINE)
RAN = (0, 1)  # pytest's exit codes for a finished run, with or without failures
TOLD = 80  # lines of output that are shown


@dataclass(frozen=True)
class ChangedCopy:
    folder: Path

    @classmethod
    def of(cls, patch: Path, folder: Path) -> "ChangedCopy":
        """Make the copy. Raises UsageError if the patch does not apply."""
        return cls(applied(copy_repository(folder), patch))

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run Python in the copy, without the settings that were made for this run of pytest."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env={**inherited, "PYTHONPATH": str(self.folder)},
            capture_output=True,
            text=True,
            check=False,
        )

    def failing(self, tests: Sequence[str], folder: Path) -> tuple[set[str], str]:
        """Return the failing tests of the copy, and the end of pytest's output. `folder` is for files of the tests."""
        options = ["-p", "no:cacheprovider", f"--basetemp={folder}", "-m", WITHOUT_ENGINE, "--tb=short", "-rfE"]
        done = self.run("-m", "pytest", *options, *tests)
        told = "\n".join([*done.stdout.splitlines()[-TOLD:], *done.stderr.splitlines()[-TOLD:]])
        assert done.returncode in RAN, told
        return {found["test"] for found in FAILED.finditer(done.stdout)}, told
