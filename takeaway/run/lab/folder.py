"""Find a participant's edits in the folder, and put them into git's stash, so that none is lost."""

from pathlib import Path

from takeaway import git
from takeaway.errors import TakeawayError
from takeaway.paths import REPOSITORY

# git needs a name for a stash, and the user may have set none.
SOMEBODY = ("-c", "user.name=Takeaway", "-c", "user.email=takeaway@example.com")


def edits(folder: Path = REPOSITORY) -> list[str]:
    """List the files that differ from the commit, generated ones too; none outside a git clone."""
    try:
        found = git.run("status", "--porcelain", "--untracked-files=all", "-z", folder=folder)
    except FileNotFoundError:
        return []
    return [entry[3:] for entry in found.stdout.decode(errors="replace").split("\0") if entry[2:3] == " "]


def put_aside(what_for: str, folder: Path = REPOSITORY) -> None:
    """Put all edits into git's stash; `git stash pop` brings them back. Raises TakeawayError if git fails."""
    done = git.run(*SOMEBODY, "stash", "push", "--include-untracked", "--message", what_for, folder=folder)
    if done.returncode:
        raise TakeawayError(f"git could not put your edits aside: {done.stderr.decode(errors='replace').strip()}")
