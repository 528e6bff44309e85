"""The revisions of this repository: what was in its files, and which one a change is compared with."""

import io
import tarfile
from dataclasses import dataclass
from pathlib import Path

from takeaway import git
from takeaway.errors import TakeawayError, UsageError

MAIN = ("origin/main", "origin/HEAD", "main")


@dataclass(frozen=True)
class Base:
    """What to compare with, and why that."""

    commit: str
    why: str


class NoRepository(TakeawayError):
    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(f"{folder} is no git repository that can be read: {reason}")


class NothingToCompareWith(TakeawayError):
    def __init__(self, *, is_shallow: bool) -> None:
        why = "this clone is shallow, so it lacks its earlier commits" if is_shallow else (
            "this clone has neither a main branch nor an earlier commit"
        )  # fmt: skip
        way = (
            "fetch them (`git fetch --unshallow`; in a pipeline `fetch-depth: 0`)" if is_shallow else "name a revision"
        )
        super().__init__(
            f"There is nothing to compare the schemas with: {why}. Expected one: {way};"
            " or say that there is none, as of a first commit, with --no-base-ok."
        )


@dataclass(frozen=True)
class Repository:
    folder: Path

    def base(self, revision: str) -> Base:
        """Where the history of the work tree left a revision. Raises NoRepository, UsageError if there is none."""
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

    def compared_with(self, revision: str | None, folder: str, *, no_base_ok: bool) -> Base | None:
        """The revision that is named, or the usual one. Raises NothingToCompareWith if none is there that should be."""
        base = self.base(revision) if revision else self.usual_base(folder)
        if base is None and not no_base_ok:
            raise NothingToCompareWith(is_shallow=self.is_shallow)
        return base

    def usual_base(self, folder: str) -> Base | None:
        """Where this branch left main; on main itself what is committed, if the folder differs from that; else the
        commit before. None if this clone does not have it: a commit before HEAD is no base of a branch whose main is
        not known, since its earlier commits would be seen by nobody. Raises NoRepository."""
        self._git("rev-parse", "--git-dir")
        head, main = self._commit("HEAD"), next(filter(self._commit, MAIN), None)
        left = self._left(main) if main else None
        if not head or not left:
            return None
        if left != head:
            return Base(left, f"where this branch left {main}")
        if self._git("status", "--porcelain", "--", folder):
            return Base(head, "the last commit")
        before = self._commit("HEAD^1")
        return Base(before, "the commit before HEAD, which is on main") if before else None

    @property
    def is_shallow(self) -> bool:
        return self._ask("rev-parse", "--is-shallow-repository") == "true"

    def files(self, commit: str) -> dict[str, bytes]:
        """Everything that a commit has below the folder."""
        archive = self._git("archive", "--format=tar", commit)
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            members = [member for member in tar if member.isfile()]
            return {member.name: content.read() for member in members if (content := tar.extractfile(member))}

    def _commit(self, revision: str) -> str | None:
        return self._ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")

    def _left(self, revision: str) -> str | None:
        """The last commit that HEAD and a revision have in common; None without such a one, or without the revision."""
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
            raise NoRepository(self.folder, done.stderr.decode(errors="replace").strip() or f"git {command[0]} says no")
        return done.stdout
