"""Read the facts of a context: the JSON that its rehearsal prints, so that tools need not import its code."""

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
    """The base of all facts. Fields that no tool uses are ignored, so a context may add some."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Act(Fact):
    """A call of the API that ends a waiting state; `wait` and `outcome` are the callback's field and value."""

    call: str
    when: Literal["early", "waiting", "late"]
    wait: str
    outcome: str


class Way(Fact):
    """One way through the workflow. `order` has the fields of the API's request that lead to it.

    `does` has the act that ends each waiting state, `fails` the functions that crash, and `stops` the state in which an
    operator stops the execution. `ends` is the execution's status, `status` the order's, `events` the published event
    types, and `answers` each function's answers, call by call.
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
    """A place that publishes an event; `state` is None for a function outside the workflow.

    `records` is True if the change happens there, False if the event is only published again. `says` has the possible
    texts of fields in its data.
    """

    event_type: str
    state: str | None
    function: str
    records: bool
    says: dict[str, tuple[str, ...]]


class Step(Fact):
    """A function of the workflow, with the states that run it."""

    states: tuple[str, ...]


class Facts(Fact):
    """All facts of a context; contexts/orders/rehearsal/facts.py explains each."""

    source: str
    events: tuple[str, ...]
    steps: dict[str, Step]
    requests: tuple[str, ...]
    publishers: tuple[Publisher, ...]
    causes: dict[str, frozenset[str | None]]
    transitions: frozenset[tuple[str, str]]
    before: dict[str, dict[str, Any]]
    ways: dict[str, Way]


@cache
def facts_of(context: str, root: Path = REPOSITORY) -> Facts:
    """Rehearse a context, once per process, and return its facts. Raises TakeawayError with the rehearsal's error."""
    return Facts.model_validate_json(printed_by(f"contexts.{context}.rehearsal", root))


def facts_of_publishers(sources: Iterable[str], root: Path = REPOSITORY) -> dict[str, Facts]:
    """Return the facts by event source, for each source whose context has a rehearsal."""
    contexts = {source: context_of(source) for source in sources}
    return {
        source: facts_of(context, root)
        for source, context in contexts.items()
        if (root / f"contexts/{context}/rehearsal/__main__.py").exists()
    }


def printed_by(module: str, root: Path = REPOSITORY) -> str:
    """Return what `python -m MODULE` prints in the repository at `root`. Raises TakeawayError with its last line."""
    command = [sys.executable, "-m", module]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    done = programs.done(command, what=f"asking {module}", folder=root, environment=environment)
    if done.returncode:
        last = (done.stderr.strip() or f"it ended with exit code {done.returncode}").splitlines()[-1]
        raise TakeawayError(f"python -m {module}: {last}")
    return done.stdout
