"""The evidence of one run: versions, each step with its times and ids, and what became of each order."""

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
    """What people can see of an order, and of its execution, when it is over."""

    way: str
    order_id: str
    status: str
    workflow: str
    states: list[str]
    events: list[str]
    vouchers: int = 0


class Step(_Kept):
    """`wrong` are the sentences of what did not come as it should, `skipped` is why it was not tried at all."""

    name: str
    began_at: datetime
    seconds: float = 0
    ids: dict[str, str] = {}
    figures: dict[str, int] = {}
    orders: list[Order] = []
    wrong: list[str] = []
    skipped: str = ""


class Evidence(_Kept):
    """`engine` is in lower case, as in the name of the file. `left` is what could not be destroyed."""

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
        """Kept also when it fails half-way."""
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
        """Of its files. What is incomplete goes over nothing that was complete."""
        return f"{self.began_at:%Y-%m-%d}-{self.engine}{'' if self.complete else INCOMPLETE}"


def refuse_what_can_not_be_written(folder: Path) -> None:
    """Raises UsageError: it would be known when everything is over. A folder that was not there is there now."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise UsageError(f"--into: expected a folder that can be written, got {folder}: {error.strerror}.") from None


def write(evidence: Evidence, page: str, folder: Path = FOLDER) -> list[Path]:
    """Where the evidence and its page are now."""
    texts = {".json": evidence.model_dump_json(indent=2) + "\n", ".md": page}
    for suffix, text in texts.items():
        (folder / f"{evidence.name}{suffix}").write_text(text, encoding="utf-8")
    return [folder / f"{evidence.name}{suffix}" for suffix in texts]


def latest(folder: Path = FOLDER) -> Evidence | None:
    """The newest complete evidence of the embedded engine. Raises UsageError when it can't be read."""
    files = sorted(folder.glob(f"*-{EMBEDDED}.json"))
    if not files:
        return None
    try:
        return Evidence.model_validate_json(files[-1].read_text(encoding="utf-8"))
    except ValidationError as error:
        raise UsageError(f"{files[-1]} is no evidence: {error.errors()[0]['msg']}; remove it.") from error
