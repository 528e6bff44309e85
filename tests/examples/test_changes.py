"""The change requests of examples/changes fit the tree as it is."""

import subprocess
from pathlib import Path

import pytest

from takeaway.compare.changes import CHANGES
from takeaway.paths import REPOSITORY


@pytest.mark.parametrize(
    "patch", sorted(CHANGES.glob("*/*.patch")), ids=lambda patch: f"{patch.parent.name}-{patch.stem}"
)
def test_a_patch_fits(patch: Path) -> None:
    command = ["git", "apply", "--check", str(patch)]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stderr}\nexamples/changes/README.md says how a patch is refreshed"
