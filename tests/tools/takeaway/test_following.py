"""An order's moments one by one, as they become known."""

import json
from collections.abc import Iterator

import pytest

from takeaway.run.cli import timeline
from takeaway.run.client.journey import Traces
from takeaway.run.client.workflow import Step
from tests.tools.takeaway.test_journey import at, entry


@pytest.fixture(autouse=True)
def without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeline, "FOLLOW_SECONDS", 0)


def looks(*found: Traces) -> Iterator[Traces]:
    yield from found
    while True:
        yield found[-1]


PLACED = Traces(steps=[Step(at(0), "Place order")])
TOLD = Traces(
    steps=[Step(at(0), "Place order"), Step(at(500), "Notify restaurant")], entries=[entry("order_placed", at(9))]
)


def followed(
    capsys: pytest.CaptureFixture[str], *found: Traces, until: str, who: tuple[str, ...] = (), within: float = 60
) -> tuple[list[str], list[str]]:
    each = looks(*found)
    missing = timeline.follow(lambda: next(each), who=who, until=[until], within=within, as_json=False)
    return capsys.readouterr().out.splitlines(), missing


def test_each_moment_is_told_once_when_it_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    lines, missing = followed(capsys, PLACED, PLACED, TOLD, until="Notify")
    assert [line.split(maxsplit=1)[1].split() for line in lines] == [
        ["workflow", "Place", "order"],
        ["+9", "ms", "bus", "order_placed"],
        ["+491", "ms", "workflow", "Notify", "restaurant"],
    ]
    assert missing == []


def test_one_waits_for_what_is_not_shown_as_well(capsys: pytest.CaptureFixture[str]) -> None:
    lines, missing = followed(capsys, PLACED, TOLD, until="Notify", who=("bus",))
    assert [line.split()[-1] for line in lines] == ["order_placed"]
    assert missing == []


def test_what_does_not_come_in_time_is_returned(capsys: pytest.CaptureFixture[str]) -> None:
    _, missing = followed(capsys, PLACED, until="Complete order", within=0.01)
    assert missing == ["Complete order"]


def test_a_program_gets_a_document_for_each(capsys: pytest.CaptureFixture[str]) -> None:
    each = looks(PLACED, TOLD)
    timeline.follow(lambda: next(each), who=(), until=["Notify"], within=60, as_json=True)
    told = [json.loads(line)["what"] for line in capsys.readouterr().out.splitlines()]
    assert told == ["Place order", "order_placed", "Notify restaurant"]
