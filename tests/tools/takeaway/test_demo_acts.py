"""The parts that the acts of the demo are told with: rows of two columns, the cast, a log, and ends of orders."""

import io
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from rich.console import Console

from contexts.console.reader import Entry
from contexts.promotions.reader import Voucher
from takeaway.errors import TakeawayError
from takeaway.facts import facts_of
from takeaway.run.client.journey import Moment
from takeaway.run.demo.acts import neighbour_down, nobody_in_charge
from takeaway.run.demo.acts.staged import Staged
from takeaway.run.demo.cast import cast_of
from takeaway.run.demo.evidence import Evidence
from takeaway.run.demo.examples import load
from takeaway.run.demo.play import Act
from takeaway.run.demo.rows import SETTLED, SURELY, Reaction, Row, rows_of, settled
from takeaway.run.demo.scene import Scene
from takeaway.run.demo.telling import BECAUSE, checked, endings, log

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
EXAMPLES = load()
PUBLISHES = {"Place order": "order_placed"}


def at(milliseconds: int) -> datetime:
    return NOON + timedelta(milliseconds=milliseconds)


MOMENTS = [
    Moment(at(0), "workflow", "Place order"),
    Moment(at(10), "bus", "order_placed"),
    Moment(at(20), "workflow", "Complete order"),
    Moment(at(30), "restaurant", "gets the order", "asked to answer within 12 seconds"),
    Moment(at(40), "bus", "order_completed"),
    Moment(at(50), "workflow", "ends"),
    Moment(at(900), "analytics", "keeps order_placed in the lake", heard="order_placed"),
    Moment(at(950), "promotions", "issues voucher K7QF-29XM-AAAA", heard="order_completed"),
    Moment(at(960), "customer", "gets the e-mail “2.15 EUR off your next order”", heard="order_completed"),
]


def told(rows: list[Row]) -> list[tuple[str, list[str]]]:
    return [(row.inside, [f"{each.who} {each.what}" for each in row.outside]) for row in rows]


def test_what_is_about_an_event_stands_beside_it_however_late_it_came_and_everything_else_beside_its_time() -> None:
    acts = [Reaction(at(35), "restaurant", "Trattoria Roma accepts")]
    assert told(rows_of(MOMENTS, acts)) == [
        ("Place order", []),
        ("order_placed", ["analytics keeps order_placed in the lake"]),
        (
            "Complete order",
            ["restaurant gets the order, asked to answer within 12 seconds", "restaurant Trattoria Roma accepts"],
        ),
        (
            "order_completed",
            [
                "promotions issues voucher K7QF-29XM-AAAA",
                "customer gets the e-mail “2.15 EUR off your next order”",
            ],
        ),
        ("ends", []),
    ]


def test_of_an_event_that_was_published_twice_a_reaction_stands_beside_the_last_one_before_it() -> None:
    twice = [Moment(at(each), "bus", "user_notified") for each in (0, 100)]
    heard = [Moment(at(each), "analytics", "keeps it", heard="user_notified") for each in (50, 150)]
    assert [len(row.outside) for row in rows_of(twice + heard)] == [1, 1]


def test_a_reaction_of_which_nothing_inside_is_known_yet_is_not_lost() -> None:
    assert told(rows_of([MOMENTS[-2]])) == [("", ["promotions issues voucher K7QF-29XM-AAAA"])]


def test_a_row_is_told_when_everybody_has_had_time_to_hear_of_it_and_none_before_the_one_above_it() -> None:
    rows = rows_of([*MOMENTS[:3], replace(MOMENTS[6], at=at(12))])
    assert settled(rows, at(15) + SETTLED, PUBLISHES) == rows[:2]
    assert settled(rows, at(20) + SETTLED, PUBLISHES) == rows
    late = [replace(rows[0], outside=[Reaction(at(1000), "restaurant", "accepts")]), *rows[1:]]
    assert settled(late, at(20) + SETTLED, PUBLISHES) == []


def test_a_step_waits_for_the_event_that_it_publishes_but_not_for_ever() -> None:
    rows = rows_of([MOMENTS[0], MOMENTS[2]])
    assert settled(rows, at(100) + SETTLED, PUBLISHES) == []
    assert settled(rows, at(100) + SURELY, PUBLISHES) == rows


def test_an_event_waits_for_somebody_who_hears_of_it_but_not_for_ever() -> None:
    rows = rows_of(MOMENTS[:3])
    assert settled(rows, at(100) + SETTLED, PUBLISHES) == rows[:1]
    assert settled(rows, at(100) + SURELY, PUBLISHES) == rows


def test_every_example_has_a_part_and_only_one() -> None:
    cast = cast_of(EXAMPLES)
    own = [cast.goes_well, cast.unanswered, cast.during_outage]
    assert sorted(each.name for each in (*own, *cast.others)) == sorted(each.name for each in EXAMPLES)
    assert [each.story for each in own] == ["completed", "expired", "completed"]
    assert {each.story for each in cast.late} == {"timed out"}
    assert cast.goes_well.customer_id != cast.during_outage.customer_id


@pytest.mark.parametrize("story", ["completed", "expired"])
def test_an_act_for_which_there_is_no_order_is_named(story: str) -> None:
    with pytest.raises(TakeawayError, match="needs an example order that is"):
        cast_of([each for each in EXAMPLES if each.story != story])


def test_every_story_says_why_an_order_ended_so() -> None:
    assert {each.story for each in EXAMPLES} <= BECAUSE.keys() <= facts_of("orders").ways.keys()


@pytest.fixture
def scene() -> Scene:
    return Scene(Console(file=io.StringIO(), width=80))


def lines(scene: Scene) -> list[str]:
    assert isinstance(scene.console.file, io.StringIO)
    return scene.console.file.getvalue().splitlines()


def test_how_orders_ended_is_counted_from_what_was_found_and_not_from_what_was_to_be(scene: Scene) -> None:
    placed = {each.name: each for each in EXAMPLES if each.story == "completed"}
    found = {id_: Evidence(status="COMPLETED") for id_ in placed}
    scene.show(endings(found | {next(iter(placed)): Evidence(status="EXPIRED")}, placed))
    assert [" ".join(line.split()) for line in lines(scene)[1:]] == [
        f"COMPLETED {len(placed) - 1} the restaurant accepted and delivered",
        "EXPIRED 1 not what was to happen",
    ]


def test_everything_fits_into_eighty_columns(scene: Scene) -> None:
    scene.headings()
    for row in rows_of(MOMENTS):
        scene.row(row)
    scene.late(rows_of(MOMENTS)[3].outside)
    placed = {each.name: each for each in EXAMPLES}
    ways = {id_: each.way for id_, each in placed.items()}
    found = {id_: Evidence(way.status, events=way.events, lake=frozenset(way.events)) for id_, way in ways.items()}
    scene.show(endings(found, placed))
    scene.show(checked(found, placed))
    assert [line for line in lines(scene) if len(line) > 80] == []
    issued = "promotions issues voucher K7QF-29XM-AAAA"
    assert any("→ order_completed" in line and issued in line for line in lines(scene))
    assert any("analytics keeps it in the lake" in line for line in lines(scene))


def test_a_log_is_in_the_order_of_time_whoever_tells_of_it_and_of_these_orders_alone() -> None:
    example, other = EXAMPLES[2:4]
    acts = [Act(at(0), "customer", "orders", example), Act(at(20), "restaurant", "accepts", example)]
    entries = [
        Entry("order-1", "b", "event", "order_accepted", at(30), {}, at(999)),
        Entry("order-1", "a", "message", "message_to_restaurant", at(10), {}, at(999)),
        Entry("order-2", "c", "event", "order_placed", at(15), {}, at(999)),
    ]
    vouchers = [Voucher("order-1", "anna", "K7QF", 215, "EUR", at(40), at(99), None)]
    lines = log([*acts, Act(at(1), "customer", "orders", other)], entries, vouchers, {"order-1": example})
    assert [(line.at, line.who) for line in lines] == [
        (at(0), "customer"), (at(10), "restaurant"), (at(20), "restaurant"), (at(30), "orders"), (at(40), "promotions"),
    ]  # fmt: skip


def test_what_comes_late_names_its_event(scene: Scene) -> None:
    scene.late([Reaction(at(0), "analytics", "keeps order_placed in the lake", heard="order_placed")])
    assert "analytics keeps order_placed in the" in " ".join(lines(scene))


def during_outage(status: str, *, voucher: bool = False, waiting: int = 1) -> list[str]:
    """Return what the third act misses in a system that is in this state while promotions is down."""
    order = SimpleNamespace(status=status)
    system = SimpleNamespace(
        orders=SimpleNamespace(order=lambda _: order), vouchers=SimpleNamespace(of_order=lambda _: voucher)
    )
    play = SimpleNamespace(id_of=lambda _: "order-1")
    nothing: Any = None
    on = Staged(nothing, cast(Any, system), cast(Any, play), cast_of(EXAMPLES), timeout=1, patience=1)
    return neighbour_down.absent(on, waiting)


def test_the_third_act_happened_only_if_the_order_was_completed_and_promotions_had_not_heard_of_it() -> None:
    assert during_outage("COMPLETED") == []
    assert during_outage("ACCEPTED") == [
        "A neighbour is down: the order is ACCEPTED while promotions is down, not COMPLETED"
    ]
    assert during_outage("COMPLETED", voucher=True) == [
        "A neighbour is down: there is a voucher although promotions is down"
    ]
    assert during_outage("COMPLETED", waiting=0) == ["A neighbour is down: no event waits for promotions"]


@dataclass(frozen=True)
class Other:
    """The order of the last act, in a system that could still end it, or has."""

    is_open: bool = True
    asked: bool = True
    messages: tuple[str, ...] = ()
    ended: tuple[str, str] = ("EXPIRED", "none")

    def deadline(self) -> datetime | None:
        return NOON if self.asked else None

    def hopes(self) -> tuple[str, ...]:
        return self.messages


@pytest.mark.parametrize(
    ("other", "missing"),
    [
        (Other(), []),
        (Other(is_open=False), ["the order is EXPIRED after its deadline, not open for ever"]),
        (Other(messages=("a message in q",)), ["a message in q could still end it"]),
        (Other(asked=False), ["the restaurant was not asked within 0 seconds"]),
    ],
)
def test_the_last_act_happened_only_if_nothing_can_end_the_order(other: Other, missing: list[str]) -> None:
    nothing: Any = None
    on = Staged(nothing, nothing, nothing, cast_of(EXAMPLES), timeout=0, patience=0)
    assert list(nobody_in_charge.absent(on, cast(Any, other))) == missing
