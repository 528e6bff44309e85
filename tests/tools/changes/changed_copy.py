"""A copy of the repository with a change request in it, and what the copy's tests say there."""

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
RAN = (0, 1)  # what pytest exits with when it came to the end, whatever it found
TOLD = 80  # lines of it that are shown


@dataclass(frozen=True)
class ChangedCopy:
    folder: Path

    @classmethod
    def of(cls, patch: Path, folder: Path) -> "ChangedCopy":
        """Raises UsageError if the patch does not fit."""
        return cls(applied(copy_repository(folder), patch))

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Python, in the copy. What is set for this run of pytest, by whoever began it, is not for another one."""
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
        """Which of the copy's tests fail, and the end of what pytest says. `folder` is for what they write."""
        options = ["-p", "no:cacheprovider", f"--basetemp={folder}", "-m", WITHOUT_ENGINE, "--tb=short", "-rfE"]
        done = self.run("-m", "pytest", *options, *tests)
        told = "\n".join([*done.stdout.splitlines()[-TOLD:], *done.stderr.splitlines()[-TOLD:]])
        assert done.returncode in RAN, told
        return {found["test"] for found in FAILED.finditer(done.stdout)}, told
