"""Compare the schemas of the work tree with those of a revision, for the consumers of both."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from takeaway.check.contracts.changes import Change, unjudged
from takeaway.check.contracts.consumers import Consumer, UnreadableConsumer, Use, consumers, uses
from takeaway.check.contracts.gate import judge
from takeaway.check.contracts.published import FOLDER, called, in_the_work_tree, published
from takeaway.check.contracts.revisions import Base, Repository

CODE = ("contexts/", "shared/", "takeaway/")  # the folders that a consumed_events.py may import from


@dataclass(frozen=True)
class Diff:
    """The findings of a comparison; `base` is None if there was nothing to compare with, which --no-base-ok allowed.

    `events` has the names of both sides' events.
    """

    base: Base | None
    findings: list[Change] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    events: frozenset[str] = frozenset()

    @property
    def breaking(self) -> list[Change]:
        return [finding for finding in self.findings if finding.breaks]

    def called(self, event: str) -> str:
        return called(event, self.events)


def diff(folder: Path, revision: str | None, today: date, *, no_base_ok: bool = False) -> Diff:
    """Find what the work tree changes in the published events, and whom that breaks.

    Raises TakeawayError if there is nothing to compare with, because a check that was not made has not passed. With
    `no_base_ok` the schemas are then judged alone.
    """
    repository = Repository(folder)
    base = repository.compared_with(revision, FOLDER, no_base_ok=no_base_ok)
    after = published(in_the_work_tree(folder))
    if base is None:
        alone = [replace(each, event=name) for name, schema in after.schemas.items() for each in unjudged(schema)]
        return Diff(None, alone, events=frozenset(after.schemas))
    files = repository.files(base.commit)
    before = published(files, where=f" at {base.commit[:7]}")
    readers = _Readers(folder, files)
    findings = judge(before, after, readers.of, today)
    return Diff(base, findings, readers.notes, frozenset({*before.schemas, *after.schemas}))


class _Readers:
    """The readers of fields, in the work tree and at the base.

    A consumer that no longer reads a field counts all the same, because its change is not deployed yet. Consumers are
    imported only if a change may break one.
    """

    def __init__(self, folder: Path, files: Mapping[str, bytes]) -> None:
        self._folder, self._files = folder, files
        self.notes: list[str] = []

    def of(self, event: str, path: str) -> list[Use]:
        now = uses(self._now, event, path)
        known = {(use.consumer, use.field) for use in now}
        gone = [use for use in uses(self._before, event, path) if (use.consumer, use.field) not in known]
        return now + [replace(use, before=True) for use in gone]

    @cached_property
    def _now(self) -> list[Consumer]:
        return consumers(self._folder)

    @cached_property
    def _before(self) -> list[Consumer]:
        with tempfile.TemporaryDirectory(prefix="takeaway-base-") as tree:
            for name, content in self._files.items():
                if name.startswith(CODE):
                    path = Path(tree, name)
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(content)
            try:
                return consumers(Path(tree))
            except UnreadableConsumer as error:
                self.notes.append(f"Consumers are named as they are now, not as they were at the base: {error}")
                return []
