"""Scan all files under version control for secrets, except those in which detect-secrets has found none before.

Run: python -m tools.secrets
"""

import hashlib
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from takeaway import git
from takeaway.paths import REPOSITORY, TOOLS
from takeaway.run.cli.command_classes import as_program
from takeaway.run.deploy.kept import KEPT

HOOK = (str(TOOLS / "detect-secrets-hook"), "--no-verify")


def scan(repository: Path = REPOSITORY, sound: Path = KEPT / ".without-secrets") -> int:
    """Print what looks like a secret, and return the exit code of detect-secrets.

    `sound` is the folder for marks of files without a secret, by a hash of name, contents and detect-secrets' version.
    """
    listed = git.run("ls-files", "-z", folder=repository).stdout.decode().split("\0")
    files = [file for file in listed if file and (repository / file).is_file()]
    marks = {file: sound / _hash(repository, file) for file in files}
    unread = [file for file in files if not marks[file].exists()]
    code = subprocess.run([*HOOK, *unread], cwd=repository, check=False).returncode if unread else 0
    if code == 0:
        sound.mkdir(parents=True, exist_ok=True)
        for file in unread:
            marks[file].touch()
    return code


def _hash(repository: Path, file: str) -> str:
    judged = hashlib.sha256(f"{version('detect-secrets')}\0{file}\0".encode())
    judged.update((repository / file).read_bytes())
    return judged.hexdigest()


if __name__ == "__main__":
    sys.exit(as_program(scan))
