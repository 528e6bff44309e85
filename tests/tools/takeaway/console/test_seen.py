"""The page of an order: lanes on one axis of time, events with their causes, waits, and no personal data."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from contexts.console.reader import Entry as JournalEntry
from shared.reading import Trace
from takeaway.run.client.journey import Known, Recorded, Traces
from takeaway.run.client.readers import Entry
from takeaway.run.client.workflow import Step
from takeaway.run.console import acts, pages
from takeaway.run.console.saved import styles
from takeaway.run.console.seen import Seen, causes

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ORDER: dict[str, Any] = {
    "order_id": "0f83cea8-28b4-5f09-84ec-f665f91ce662",
    "status": "PLACED",
    "restaurant_id": "trattoria-roma",
    "items": [{"name": "Margherita", "quantity": 2}],
    "total": {"amount": 1900, "currency": "EUR"},
    "decision": None,
    "completion": None,
    "reason": None,
}
WAITS = {"Type": "Task", "Resource": "arn:aws:states:::x.waitForTaskToken", "TimeoutSeconds": 600, "Next": "Do"}
DEFINITION = json.dumps(
    {"StartAt": "Await", "States": {"Await": WAITS, "Do": {"Type": "Task", "Resource": "r", "End": True}}}
)
HOSTILE = '<img src=x onerror=alert(1)>\x1b[31m\u202e"'


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def entry(name: str, seconds: float, caused_by: str | None = None, **content: Any) -> Entry:
    return JournalEntry("order-1", name, "event", name, at(seconds), content, at(seconds), caused_by=caused_by)


def seen(**traces: Any) -> Seen:
    return Seen(ORDER, Traces(**traces), ["analytics", "promotions"], DEFINITION)


def rendered(what: Seen) -> str:
    possible = acts.possible(dict(what.order), is_running=what.is_running)
    return pages.page(
        "order_body.html", seen=what, stage="dev", acts=possible, live=True, schema_page=lambda _: "/dev/schemas/x"
    )


def test_lanes_are_there_for_whoever_listens_and_whoever_was_heard_of() -> None:
    told = seen(entries=[entry("order_placed", 0)], known={"loyalty": Known("point", [Trace(at(1), "counts it")])})
    assert told.lanes == ["workflow", "bus", "restaurant", "customer", "analytics", "promotions", "loyalty"]


def test_moments_stand_in_the_order_of_time_further_apart_the_longer_nothing_happened() -> None:
    told = seen(steps=[Step(at(0), "Await", left=at(70)), Step(at(70), "Do")], entries=[entry("order_placed", 0.1)])
    assert [(row.moment.what, row.gap, row.event) for row in told.rows] == [
        ("Await", 0, None),
        ("order_placed", 0, "order_placed"),
        ("Do", 4, None),
    ]


def test_a_chain_of_causes_leads_from_the_first_event_and_stands_a_circle() -> None:
    first, second, third = entry("a", 0), entry("b", 1, "a"), entry("c", 2, "b")
    known = {each.id: each for each in (first, second, third)}
    assert causes(third, known) == [first, second]
    assert causes(first, known) == []
    assert causes(entry("d", 3, "lost"), known) == []
    circle = {"a": entry("a", 0, "b"), "b": entry("b", 1, "a")}
    assert [each.id for each in causes(circle["a"], circle)] == ["a", "b"]


def test_a_wait_is_counted_down_only_while_it_lasts() -> None:
    waiting = seen(steps=[Step(at(0), "Await")])
    assert waiting.wait is not None
    assert (waiting.wait.state, waiting.wait.until) == ("Await", at(600))
    assert seen(steps=[Step(at(0), "Await", left=at(1))]).wait is None
    assert seen(steps=[Step(at(0), "Do")]).wait is None
    assert seen(steps=[Step(at(0), "Await"), Step(at(9), "ExecutionAborted", is_end=True)]).wait is None


def test_what_came_from_outside_is_text_and_acts_nowhere() -> None:
    html = rendered(
        Seen(
            {**ORDER, "reason": HOSTILE, "restaurant_id": HOSTILE, "items": [{"name": HOSTILE, "quantity": 1}]},
            Traces(
                steps=[Step(at(0), HOSTILE)],
                entries=[entry(HOSTILE, 0, reason=HOSTILE, restaurant_id=HOSTILE)],
                known={HOSTILE: Known("x", [Trace(at(1), HOSTILE)])},
                recorded=[Recorded(at(2), HOSTILE)],
            ),
            [HOSTILE],
            DEFINITION,
            guesses=[HOSTILE],
        )
    )
    assert "<img" not in html
    assert "\x1b" not in html
    assert "\u202e" not in html
    assert "onerror=alert(1)&gt;" in html


def test_what_can_be_done_follows_from_what_orders_says_of_itself() -> None:
    def calls(**changes: Any) -> list[tuple[str, str]]:
        found = acts.possible({**ORDER, **changes}, is_running=bool(changes.get("running")))
        return [(each.call, each.person) for each in found]

    placed = {("accept", "trattoria-roma"), ("reject", "trattoria-roma"), ("cancel", "its customer")}
    assert set(calls()) == placed
    assert calls(status="ACCEPTED", decision="accepted") == [("complete", "trattoria-roma")]
    assert calls(decision="accepted") == []
    assert calls(status="ACCEPTED", decision="accepted", completion="completed") == []
    assert calls(status="COMPLETED", completion="completed") == []
    assert calls(status="FAILED", running=True) == [("stop", "an operator")]


def test_every_template_is_named_by_what_uses_it() -> None:
    """A template that no code renders would rot unnoticed."""
    code = "".join(file.read_text(encoding="utf-8") for file in pages.FOLDER.rglob("*.py"))
    inside = "".join(file.read_text(encoding="utf-8") for file in (pages.FOLDER / "templates").iterdir())
    for template in (pages.FOLDER / "templates").iterdir():
        assert f'"{template.name}"' in code + inside, template


@pytest.mark.parametrize("file", sorted((pages.FOLDER / "templates").iterdir()), ids=lambda file: file.name)
def test_no_template_has_a_script_or_a_style_of_its_own(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert " style=" not in text
    assert " onclick" not in text
    assert "|safe" not in text.replace(" ", "")
    if file.name != "journey.html":  # journey.html is opened as a file, so its styles are inside
        assert "<style" not in text
    assert all("src=" in tag for tag in text.split("<script")[1:])


def test_a_saved_page_needs_nothing_else_and_has_the_same_in_it() -> None:
    told = seen(steps=[Step(at(0), "Await")], entries=[entry("order_placed", 0, restaurant_id="x")])
    html = pages.page(
        "journey.html", seen=told, stage="dev", styles=styles(), acts=(), live=False, schema_page=pages.is_event
    )
    assert "<script" not in html
    assert not re.findall(r'(?:src|href)="(?!#)[^"]*"', html), "nothing but places in itself"
    assert "url(" not in html
    assert 'href="#event-order_placed"' in html
    assert 'id="event-order_placed"' in html
    assert "shared/schemas/takeaway.orders/order_placed.v1.schema.json" in html
    assert "data-state=" in html
    assert "<button" not in html
