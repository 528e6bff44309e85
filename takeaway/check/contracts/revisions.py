"""Read files of earlier git revisions, and choose the revision that a change is compared with."""

import io
import tarfile
from dataclasses import dataclass
from pathlib import Path

from takeaway import git
from takeaway.errors import TakeawayError, UsageError

MAIN = ("origin/main", "origin/HEAD", "main")


@dataclass(frozen=True)
class Base:
    """The commit to compare with, and why it was chosen."""

    commit: str
    why: str


class NoRepository(TakeawayError):
    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(f"{folder} is not a readable git repository: {reason}")


class NothingToCompareWith(TakeawayError):
    def __init__(self, *, is_shallow: bool) -> None:
        why = "this clone is shallow, so it lacks its earlier commits" if is_shallow else (
            "this clone has neither a main branch nor an earlier commit"
        )  # fmt: skip
        way = (
            "fetch them (`git fetch --unshallow`; in a pipeline `fetch-depth: 0`)" if is_shallow else "name a revision"
        )
        super().__init__(
            f"There is nothing to compare with: {why}. Expected one: {way};"
            " or say that there is none, as of a first commit, with --no-base-ok."
        )


@dataclass(frozen=True)
class Repository:
    folder: Path

    def base(self, revision: str) -> Base:
        """Return the last commit shared with a revision. Raises NoRepository, or UsageError for an unknown one."""
        self._git("rev-parse", "--git-dir")
        commit = self._commit(revision)
        if not commit:
            raise UsageError(
                f"There is no revision {revision} here: name a commit, a tag or a branch, "
                f"or fetch it first (a clone with its whole history has it)."
            )
        left = self._left(commit)
        return (
            Base(left, f"where this branch left {revision}") if left not in (None, commit) else Base(commit, revision)
        )

    def compared_with(self, revision: str | None, *folders: str, no_base_ok: bool) -> Base | None:
        """Return the commit that a change is compared with, by a named revision or as usual.

        Raises NothingToCompareWith if there is none, unless `no_base_ok`.
        """
        base = self.base(revision) if revision else self.usual_base(*folders)
        if base is None and not no_base_ok:
            raise NothingToCompareWith(is_shallow=self.is_shallow)
        return base

    def usual_base(self, *folders: str) -> Base | None:
        """Return the commit where this branch left main.

        On main it is HEAD if the folders have uncommitted changes, else the commit before HEAD. None if the clone lacks
        main: the commit before HEAD would not do, because a branch's earlier commits would go unchecked. Raises
        NoRepository.
        """
        self._git("rev-parse", "--git-dir")
        head, main = self._commit("HEAD"), next(filter(self._commit, MAIN), None)
        left = self._left(main) if main else None
        if not head or not left:
            return None
        if left != head:
            return Base(left, f"where this branch left {main}")
        if self._git("status", "--porcelain", "--", *folders):
            return Base(head, "the last commit")
        before = self._commit("HEAD^1")
        return Base(before, "the commit before HEAD, which is on main") if before else None

    @property
    def is_shallow(self) -> bool:
        return self._ask("rev-parse", "--is-shallow-repository") == "true"

    def files(self, commit: str) -> dict[str, bytes]:
        """Return all files of a commit that lie in the folder, by path."""
        archive = self._git("archive", "--format=tar", commit)
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            members = [member for member in tar if member.isfile()]
            return {member.name: content.read() for member in members if (content := tar.extractfile(member))}

    def _commit(self, revision: str) -> str | None:
        return self._ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")

    def _left(self, revision: str) -> str | None:
        """Return the merge base of HEAD and a revision; None if there is none."""
        return self._ask("merge-base", "HEAD", revision) if self._commit(revision) else None

    def _ask(self, *command: str) -> str | None:
        try:
            return self._git(*command).decode().strip()
        except NoRepository:
            return None

    def _git(self, *command: str) -> bytes:
        try:
            done = git.run(*command, folder=self.folder)
        except FileNotFoundError:
            raise NoRepository(self.folder, "git is not installed") from None
        if done.returncode:
            raise NoRepository(self.folder, done.stderr.decode(errors="replace").strip() or f"git {command[0]} failed")
        return done.stdout
