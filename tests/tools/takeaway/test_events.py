"""The period that `takeaway events` reads: no further back than there was a journal."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from contexts.console.journal import PARTS_OF_A_DAY
from contexts.console.journal import Entry as JournalEntry
from takeaway.run.cli import journey_events, options
from takeaway.run.client.outputs import Stack, Stacks
from takeaway.run.client.system import System
from takeaway.run.client.target import Target
from takeaway.run.engine.home import Home
from tests.fakes.operating import OnePage

DEPLOYED = timedelta(days=3)
SENT = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Days:
    """DynamoDB with a journal of these items; records the days that were asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.items: list[dict[str, Any]] = []

    def get_paginator(self, operation: str) -> OnePage:
        assert operation == "query"
        return OnePage(self._query)

    def _query(self, *, ExpressionAttributeValues: dict[str, Any], **_: Any) -> dict[str, Any]:  # noqa: N803
        self.asked.append(ExpressionAttributeValues[":day"]["S"])
        return {"Items": [self.items.pop()] if self.items else []}


@pytest.fixture
def days() -> Days:
    return Days()


@pytest.fixture
def app(days: Days, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    system = System(Target(Home(tmp_path), endpoint="http://here", _clients={"dynamodb": days}))
    began = datetime.now(UTC) - DEPLOYED
    console = Stack("takeaway-dev-console", "CREATE_COMPLETE", {"JournalTable": "journal"}, began)
    system.__dict__["stacks"] = Stacks({"console": console})
    monkeypatch.setattr(options.Options, "system", lambda _: system)
    app = typer.Typer()
    app.callback()(options.reading(lambda *_: None))
    app.command()(journey_events.events)
    return app


@pytest.mark.parametrize("minutes", ["99999999999", "999999999", "52560000", "9" * 400])
def test_it_begins_when_there_was_a_journal_however_long_ago_is_asked_for(
    app: typer.Typer, days: Days, minutes: str
) -> None:
    done = CliRunner().invoke(app, ["events", "--since", minutes])
    assert done.exit_code == 0
    # Today and three days before; one more day may have begun during the test.
    assert len(days.asked) in (4 * PARTS_OF_A_DAY, 5 * PARTS_OF_A_DAY)
    assert done.stderr == "No events yet.\n"


def test_that_there_are_none_is_told_with_how_far_it_looked(app: typer.Typer) -> None:
    done = CliRunner().invoke(app, ["events", "--since", "5"])
    assert (done.stdout, done.stderr) == ("", "No events yet in the last 5 minutes.\n")


def test_programs_get_nothing_where_there_is_nothing(app: typer.Typer) -> None:
    done = CliRunner().invoke(app, ["events", "--json"])
    assert [json.loads(line) for line in done.stdout.splitlines()] == []


@pytest.mark.parametrize(("limit", "listed"), [("1", 1), ("2", 2), ("3", 3), ("1000", 3)])
def test_no_more_than_the_limit_are_listed_the_newest_and_that_there_are_more_is_said(
    app: typer.Typer, days: Days, limit: str, listed: int
) -> None:
    now = datetime.now(UTC).isoformat()
    days.items = [
        JournalEntry(f"order-{number}", f"{number}", "event", "order_placed", SENT, {}).item(SENT)
        | {"recorded": {"S": f"{now}#{number}"}}
        for number in range(3)
    ]
    done = CliRunner().invoke(app, ["events", "--json", "--limit", limit])
    assert len(done.stdout.splitlines()) == listed
    assert ("--limit lists more" in done.stderr) is (listed < 3)
