"""What a participant has changed in the folder: put aside by git, and never thrown away."""

from pathlib import Path

from takeaway import git
from takeaway.errors import TakeawayError
from takeaway.paths import REPOSITORY

SOMEBODY = (
    "-c",
    "user.name=Takeaway",
    "-c",
    "user.email=takeaway@example.com",
)  # whoever it is may have told git no name


def edits(folder: Path = REPOSITORY) -> list[str]:
    """The files that are not as they were committed, generated ones as well; none where there is no clone."""
    try:
        found = git.run("status", "--porcelain", "--untracked-files=all", "-z", folder=folder)
    except FileNotFoundError:
        return []
    return [entry[3:] for entry in found.stdout.decode(errors="replace").split("\0") if entry[2:3] == " "]


def put_aside(what_for: str, folder: Path = REPOSITORY) -> None:
    """Into git's stash, from where `git stash pop` brings it back."""
    done = git.run(*SOMEBODY, "stash", "push", "--include-untracked", "--message", what_for, folder=folder)
    if done.returncode:
        raise TakeawayError(f"git could not put your edits aside: {done.stderr.decode(errors='replace').strip()}")
