"""The judgement: whole events that come and go, ends that are announced, and readers by name."""

from datetime import date, timedelta
from typing import Any

import pytest

from shared.bus.infrastructure.stack import ARCHIVE_DAYS
from takeaway.check.contracts.changes import Breaks, Change
from takeaway.check.contracts.consumers import Consumer, Model, Use, uses
from takeaway.check.contracts.gate import NOTICE, judge
from takeaway.check.contracts.published import Published

TODAY = date(2026, 11, 23)
SCHEMA: dict[str, Any] = {
    "required": ["data"],
    "properties": {"data": {"required": ["total"], "properties": {"total": {"type": "integer"}, "tip": {}}}},
}
PROMOTIONS = Consumer(
    "promotions", "p.py", {"eaten.v1": Model("Eaten", {"data.total": True, "data.tip": False}, frozenset())}
)
ANALYTICS = Consumer("analytics", "a.py", {"*.v1": Model("Any", {"data": True}, frozenset({"data"}))})
MOVED = Consumer("loyalty", "l.py", {"eaten.v2": Model("Eaten", {"data.total": True}, frozenset())})


def ends(day: date, **said: object) -> dict[str, Any]:
    return SCHEMA | {"deprecated": True, "x-sunset": day.isoformat()} | said


def judged(before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]], *readers: Consumer) -> list[Change]:
    def readers_of(event: str, path: str) -> list[Use]:
        return uses(readers, event, path)

    return judge(Published(before), Published(after), readers_of, TODAY)


def without_total() -> dict[str, Any]:
    return SCHEMA | {"properties": {"data": {"properties": {"tip": {}}}}}


def test_who_reads_a_field_that_goes_is_named_with_it() -> None:
    [finding] = judged({"eaten.v1": SCHEMA}, {"eaten.v1": without_total()}, PROMOTIONS, ANALYTICS, MOVED)
    assert (finding.what, finding.breaks) == ("removes data.total", Breaks.CONSUMERS)
    named = [(reader.consumer, reader.field, reader.model, reader.needed) for reader in finding.readers]
    assert named == [("promotions", "data.total", "Eaten", True), ("analytics", "data", "Any", True)]


def test_a_field_that_nobody_here_reads_breaks_unknown_consumers_all_the_same() -> None:
    [finding] = judged({"eaten.v1": SCHEMA}, {"eaten.v1": without_total()}, MOVED)
    assert finding.breaks is Breaks.CONSUMERS
    assert finding.readers == ()


def test_a_new_event_and_a_new_version_break_nobody() -> None:
    after = {"eaten.v1": SCHEMA, "eaten.v2": SCHEMA, "drunk.v1": SCHEMA}
    found = judged({"eaten.v1": SCHEMA}, after, PROMOTIONS)
    assert [(each.event, each.what, each.breaks) for each in found] == [
        ("eaten.v2", "adds the event, beside version 1", None), ("drunk.v1", "adds the event", None),
    ]  # fmt: skip


def test_a_version_that_takes_the_place_of_another_breaks_its_readers() -> None:
    found = judged({"eaten.v1": SCHEMA}, {"eaten.v2": SCHEMA}, PROMOTIONS)
    assert [(each.event, each.what, each.breaks) for each in found] == [
        ("eaten.v1", "removes the event", Breaks.CONSUMERS), ("eaten.v2", "adds the event", None),
    ]  # fmt: skip
    assert {reader.consumer for reader in found[0].readers} == {"promotions"}
    assert "announce it first" in found[0].note


def test_an_event_may_go_when_its_end_was_announced_its_day_has_come_and_nobody_reads_it() -> None:
    [finding] = judged({"eaten.v1": ends(TODAY)}, {}, MOVED)
    assert finding.breaks is None
    assert finding.what == "removes the event, as announced for 2026-11-23"


@pytest.mark.parametrize(
    ("before", "readers", "note"),
    [
        (ends(TODAY + timedelta(days=1)), (), "it was promised until 2026-11-24"),
        (ends(TODAY), (PROMOTIONS,), "its day has come, its readers have not moved"),
    ],
)
def test_an_event_that_goes_too_early_or_under_its_readers_breaks(
    before: dict[str, Any], readers: tuple[Consumer, ...], note: str
) -> None:
    [finding] = judged({"eaten.v1": before}, {}, *readers)
    assert (finding.breaks, finding.note) == (Breaks.CONSUMERS, note)


def test_to_announce_an_end_breaks_nobody_and_names_those_who_have_to_move() -> None:
    deprecated, end = judged({"eaten.v1": SCHEMA}, {"eaten.v1": ends(TODAY + NOTICE)}, PROMOTIONS)
    assert (deprecated.what, deprecated.breaks) == ("deprecates the event", None)
    assert (end.what, end.breaks) == ("is to end on 2027-02-21", None)
    assert {reader.consumer for reader in end.readers} == {"promotions"}


@pytest.mark.parametrize(
    ("before", "after", "breaks"),
    [
        (SCHEMA, ends(TODAY + NOTICE - timedelta(days=1)), Breaks.CONSUMERS),  # too short a notice
        (ends(TODAY + NOTICE), ends(TODAY + NOTICE - timedelta(days=1)), Breaks.CONSUMERS),  # sooner than promised
        (ends(TODAY + NOTICE), ends(TODAY + NOTICE + timedelta(days=1)), None),  # later
        (ends(TODAY + NOTICE), SCHEMA, None),  # not at all
    ],
)
def test_an_end_is_announced_early_and_never_brought_forward(
    before: dict[str, Any], after: dict[str, Any], breaks: Breaks | None
) -> None:
    found = judged({"eaten.v1": before}, {"eaten.v1": after}, PROMOTIONS)
    assert [each.breaks for each in found if "end" in each.what] == [breaks]


def test_notice_is_given_for_as_long_as_the_archive_reaches_back() -> None:
    assert NOTICE.days == ARCHIVE_DAYS


def test_the_closest_declaration_counts_for_an_event() -> None:
    both = Consumer("both", "b.py", {
        "*.v1": Model("Any", {"data.id": True}, frozenset()),
        "eaten.v1": Model("Eaten", {"data.total": True}, frozenset()),
    })  # fmt: skip
    assert [use.model for use in both.uses("eaten.v1", "")] == ["Eaten"]
    assert [use.model for use in both.uses("drunk.v1", "")] == ["Any"]
    assert both.uses("eaten.v2", "") == []


def test_a_use_is_found_from_above_and_never_from_beside() -> None:
    model = Model("M", {"data.total.amount": True, "data.items[].name": True}, frozenset())
    consumer = Consumer("c", "c.py", {"eaten.v1": model})
    found_at = {
        "": ["data.total.amount", "data.items[].name"],
        "data.total": ["data.total.amount"],
        "data.total.amount": ["data.total.amount"],
        "data.items": ["data.items[].name"],
        "data.items[]": ["data.items[].name"],
        "data.total.currency": [],
        "data.tot": [],
        "data.item": [],
    }
    assert {path: [use.field for use in consumer.uses("eaten.v1", path)] for path in found_at} == found_at
