"""The evidence of one run: versions, and each step with its times, ids and orders."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryFile

from pydantic import BaseModel, ConfigDict, ValidationError

from takeaway.errors import UsageError
from takeaway.paths import REPOSITORY

FOLDER = REPOSITORY / "docs/evidence"
EMBEDDED = "ministack"
INCOMPLETE = "-incomplete"


class _Kept(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Order(_Kept):
    """An order and its execution at its end, as people can see them."""

    way: str
    order_id: str
    status: str
    workflow: str
    states: list[str]
    events: list[str]
    vouchers: int = 0


class Step(_Kept):
    """A step of the run. `wrong` has a sentence for each broken promise; `skipped` is why it was not tried."""

    name: str
    began_at: datetime
    seconds: float = 0
    ids: dict[str, str] = {}
    figures: dict[str, int] = {}
    orders: list[Order] = []
    wrong: list[str] = []
    skipped: str = ""


class Evidence(_Kept):
    """The evidence of a run. `engine` is in lower case, as in file names; `left` is what could not be destroyed."""

    engine: str
    began_at: datetime
    stage: str
    complete: bool = False
    ended_by: str = ""
    versions: dict[str, str] = {}
    steps: list[Step] = []
    left: list[str] = []
    compared_with: str = ""
    differs: list[str] = []

    @contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Record a step and its duration, also if it fails."""
        step, began = Step(name=name, began_at=datetime.now(UTC)), time.monotonic()
        self.steps.append(step)
        try:
            yield step
        finally:
            step.seconds = round(time.monotonic() - began, 1)

    @property
    def wrong(self) -> list[str]:
        return [f"{step.name}: {what}" for step in self.steps for what in step.wrong]

    @property
    def name(self) -> str:
        """The name of its files; an incomplete run has another, so that it never replaces a complete one."""
        return f"{self.began_at:%Y-%m-%d}-{self.engine}{'' if self.complete else INCOMPLETE}"


def refuse_what_can_not_be_written(folder: Path) -> None:
    """Make the folder. Raises UsageError if it can't be written, which would otherwise show only at the end."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise UsageError(f"--into: expected a folder that can be written, got {folder}: {error.strerror}.") from None


def write(evidence: Evidence, page: str, folder: Path = FOLDER) -> list[Path]:
    """Write the evidence and its page, and return the paths."""
    texts = {".json": evidence.model_dump_json(indent=2) + "\n", ".md": page}
    for suffix, text in texts.items():
        (folder / f"{evidence.name}{suffix}").write_text(text, encoding="utf-8")
    return [folder / f"{evidence.name}{suffix}" for suffix in texts]


def latest(folder: Path = FOLDER) -> Evidence | None:
    """Read the newest complete evidence of the embedded engine; None if there is none. Raises UsageError."""
    files = sorted(folder.glob(f"*-{EMBEDDED}.json"))
    if not files:
        return None
    try:
        return Evidence.model_validate_json(files[-1].read_text(encoding="utf-8"))
    except ValidationError as error:
        raise UsageError(f"{files[-1]} is no evidence: {error.errors()[0]['msg']}; remove it.") from error
