"""Fixtures of analytics: a lake in a folder, filled as the ingesting function fills it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from contexts.analytics import database
from contexts.analytics.folder_lake import FolderLake
from contexts.analytics.ingest import Ingested, Message, ingest
from shared import schema_tools


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """Run DuckDB with one thread, because the lakes of tests are tiny and coordinating two takes longer."""
    engine = database._engine
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "_engine", lambda threads, memory: engine(threads or 1, memory))
        yield


@pytest.fixture
def lake(tmp_path: Path) -> FolderLake:
    return FolderLake(tmp_path / "lake")


@pytest.fixture
def event() -> Callable[..., dict[str, Any]]:
    """Return a function that makes an event as the bus delivers it."""

    def make(event_type: str, order: str, at: str = "2026-11-23T12:00:00.000Z") -> dict[str, Any]:
        made: dict[str, Any] = schema_tools.example(event_type)
        made["detail"]["metadata"] |= {"event_id": f"{order} {event_type}", "occurred_at": at}
        made["detail"]["data"] |= {"order_id": order}
        return made

    return make


@pytest.fixture
def deliver() -> Callable[..., None]:
    """Return a function that delivers a batch of events to a lake."""

    def put(lake: FolderLake, *events: dict[str, Any]) -> None:
        messages = [Message(str(number), json.dumps(each)) for number, each in enumerate(events)]
        assert ingest(messages, lake) == Ingested()

    return put
