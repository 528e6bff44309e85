"""One order in all systems: who does what, and how it is shown."""

import json
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from rich.console import Console

from shared.reading import Trace
from takeaway.errors import TakeawayError, UsageError
from takeaway.paths import EXAMPLES
from takeaway.run.client.journey import Known, Traces, timeline
from takeaway.run.client.workflow import Step
from takeaway.study.commands.race import race
from takeaway.study.compare import all_four
from takeaway.study.race import running
from takeaway.study.race.cast import cast_of
from takeaway.study.race.picture import facts, knows, picture
from takeaway.study.race.running import Lane
from takeaway.wiring import Wiring
from tests.tools.takeaway.test_journey import TRACES, at, entry


def lane(traces: Traces, *, workflow: bool, status: str = "PLACED", running: bool = False) -> Lane:
    system = SimpleNamespace(
        has_workflow=workflow,
        kept=lambda _: SimpleNamespace(status=status),
        order=lambda _: {"status": status, "history": []},
    )
    contender = cast(Any, SimpleNamespace(system=system, execution=lambda _: "RUNNING" if running else "SUCCEEDED"))
    return Lane(contender, "order-1", timeline(traces), traces)


def shown(what: Any, width: int = 120) -> str:
    console = Console(width=width, record=True, file=None, quiet=False)
    with console.capture() as capture:
        console.print(what)
    return capture.get()


def test_people_do_what_the_story_of_the_order_says() -> None:
    nobody, cancelled = (cast_of(EXAMPLES / name) for name in ("11-nobody-answers.json", "18-changed-her-mind.json"))
    assert (nobody.calls, nobody.is_stopped) == ((), False)
    assert cancelled.calls == ("cancel",)
    assert cast_of(EXAMPLES / "20-stopped-by-an-operator.json").is_stopped
    assert cast_of(EXAMPLES / "01-lunch-for-two.json").calls == ("accept", "complete")


def test_an_order_without_a_story_goes_well(tmp_path: Path) -> None:
    file = tmp_path / "order.json"
    file.write_text(json.dumps({"restaurant_id": "trattoria-roma"}))
    assert (cast_of(file).calls, cast_of(file).order["restaurant_id"]) == (("accept", "complete"), "trattoria-roma")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[]", "expected an object, an order or one with its story"),
        ('{"story": "eaten", "order": {}}', "story: expected one of completed"),
        ('{"story": "completed", "order": []}', "order: expected an object"),
        ('{"customer": "Ada", "order": {}}', "customer: expected an object"),
    ],
)
def test_a_file_that_is_no_order_is_refused_with_the_field(tmp_path: Path, content: str, told: str) -> None:
    file = tmp_path / "order.json"
    file.write_text(content)
    with pytest.raises(UsageError, match=told):
        cast_of(file)
    with pytest.raises(TakeawayError, match="can't be read"):
        cast_of(tmp_path / "none.json")


def test_each_system_has_a_column_and_each_moment_its_place_in_time() -> None:
    lanes = {
        Wiring.HYBRID: lane(TRACES, workflow=True),
        Wiring.CHOREOGRAPHED: lane(
            Traces(entries=[entry("order_placed", at(0)), entry("late", at(700))]), workflow=False
        ),
    }
    lines = [line.split() for line in shown(picture(lanes, width=120)).splitlines()]
    assert lines[0] == ["after", "hybrid", "choreographed"]
    assert ["0.70", "s", "bus", "late"] in lines
    times = [float(line[0]) for line in lines if line[1:2] == ["s"]]
    assert times == sorted(times)
    assert "workflow" not in shown(picture(lanes, width=80)), "a narrow terminal has no room for who did it"


def test_while_it_runs_the_latest_are_shown_of_which_there_is_room() -> None:
    lanes = {Wiring.HYBRID: lane(TRACES, workflow=True)}
    whole, latest = (shown(picture(lanes, width=120, latest=rows)).splitlines() for rows in (None, 2))
    assert latest == [whole[0], *whole[-2:]]


def test_in_the_end_each_says_what_it_knows_and_what_not() -> None:
    voucher = {"promotions": Known("voucher", [Trace(at(950), "issues voucher K7QF")])}
    waits = Traces(steps=[Step(at(0), "Await restaurant decision")], entries=[entry("order_placed", at(1))])
    called = Traces(steps=[Step(at(0), "Issue voucher"), Step(at(9), "ExecutionSucceeded", True)], known=voucher)
    said = shown(
        knows(
            {
                Wiring.HYBRID: lane(waits, workflow=True, running=True),
                Wiring.CHOREOGRAPHED: lane(Traces(entries=[entry("order_placed", at(0))]), workflow=False),
                Wiring.ORCHESTRATED: lane(called, workflow=True, status="COMPLETED"),
            }
        )
    )
    assert "through 1 states: it waits in “Await restaurant decision”" in said
    assert "no deadline will end it" in said
    assert "it ended after “Issue voucher”" in said
    assert "promotions, which was called: issues voucher K7QF" in said
    assert "Nothing was published" in said


def test_a_program_gets_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    told = facts({Wiring.HYBRID: lane(TRACES, workflow=True, status="COMPLETED")})["hybrid"]
    assert (told["order_id"], told["status"], len(told["moments"])) == ("order-1", "COMPLETED", len(timeline(TRACES)))
    assert told["moments"][1].since_previous == timedelta(milliseconds=10)


def refusing(why: str) -> Lane:
    """Return the lane of a system that does not take the order."""
    return Lane(cast(Any, SimpleNamespace(system=SimpleNamespace(has_workflow=True))), failed=why)


def test_an_order_that_was_not_taken_is_told_with_the_reason() -> None:
    refused = refusing("Unprocessable Content: no dishes (422)")
    assert [*refused.known] == ["Unprocessable Content: no dishes (422)"]
    assert "not placed" in shown(knows({Wiring.HYBRID: refused}))


def test_a_refusal_of_several_lines_is_shown_as_lines() -> None:
    refused = refusing("not valid (422)\n  items: Field required")
    assert "  not valid (422)\n    items: Field required\n" in shown(knows({Wiring.HYBRID: refused}))


def test_a_race_in_which_no_system_takes_the_order_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "order.json"
    file.write_text("{}")
    refused = {wiring: refusing("no dishes (422)") for wiring in Wiring}
    monkeypatch.setattr(all_four, "four_of_its_own", lambda **_: nullcontext())
    monkeypatch.setattr(running, "race", lambda *_, **__: refused)
    for as_json in (True, False):
        with pytest.raises(TakeawayError, match=r"order\.json: no system took the order"):
            race(file, as_json=as_json)
