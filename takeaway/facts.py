"""What a context says of itself: the JSON that its rehearsal prints, read by tools instead of the context's code."""

import os
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from shared.schema_tools import context_of
from takeaway import programs
from takeaway.errors import TakeawayError
from takeaway.paths import REPOSITORY


class Fact(BaseModel):
    """Only the fields that somebody here uses are declared; a context may say more."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Act(Fact):
    """A call of the API that ends a waiting state; `wait` and `outcome` are the output that wakes the workflow up."""

    call: str
    when: Literal["early", "waiting", "late"]
    wait: str
    outcome: str


class Way(Fact):
    """One way through the workflow. `order` is what is special about the order, as the API takes it.

    `does` has for a waiting state what ends it; `fails` the functions that crash; `stops` the state in which an
    operator stops the execution. `ends` is the status of the execution, `status` that of the order, `events` the types
    of what is published, `answers` what each function answered, call by call.
    """

    order: dict[str, Any]
    does: dict[str, Act]
    fails: frozenset[str]
    stops: str | None
    states: tuple[str, ...]
    ends: str
    status: str
    events: tuple[str, ...]
    answers: dict[str, list[dict[str, str | None]]]


class Publisher(Fact):
    """A place from which an event is published; `state` is None where the function is no state of the workflow.

    `records` says that the change happens there, else it is published once more. `says` has the texts in its data.
    """

    event_type: str
    state: str | None
    function: str
    records: bool
    says: dict[str, tuple[str, ...]]


class Step(Fact):
    """A function of the workflow, and the states that run it."""

    states: tuple[str, ...]


class Facts(Fact):
    """See contexts/orders/rehearsal/facts.py, which owns the meaning of each."""

    source: str
    events: tuple[str, ...]
    steps: dict[str, Step]
    publishers: tuple[Publisher, ...]
    causes: dict[str, frozenset[str | None]]
    transitions: frozenset[tuple[str, str]]
    before: dict[str, dict[str, Any]]
    ways: dict[str, Way]


@cache
def facts_of(context: str, root: Path = REPOSITORY) -> Facts:
    """Rehearses a context of the repository at `root`, once per process. Raises TakeawayError with what it said."""
    return Facts.model_validate_json(printed_by(f"contexts.{context}.rehearsal", root))


def facts_of_publishers(sources: Iterable[str], root: Path = REPOSITORY) -> dict[str, Facts]:
    """Of each of the sources whose context is there and rehearses, by the source."""
    contexts = {source: context_of(source) for source in sources}
    return {
        source: facts_of(context, root)
        for source, context in contexts.items()
        if (root / f"contexts/{context}/rehearsal/__main__.py").exists()
    }


def printed_by(module: str, root: Path = REPOSITORY) -> str:
    """What `python -m MODULE` prints in the repository at `root`. Raises TakeawayError with its last words."""
    command = [sys.executable, "-m", module]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    done = programs.done(command, what=f"asking {module}", folder=root, environment=environment)
    if done.returncode:
        last = (done.stderr.strip() or f"it ended with status {done.returncode}").splitlines()[-1]
        raise TakeawayError(f"python -m {module}: {last}")
    return done.stdout
