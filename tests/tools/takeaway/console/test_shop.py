"""Ordering on the page: what may be sent, and random orders that live by themselves, within bounds."""

import random
from types import SimpleNamespace
from typing import Any, cast

import pytest

from takeaway.errors import Refused
from takeaway.run.client.system import System
from takeaway.run.console import catalogue, traffic
from takeaway.run.console.traffic import MOST, Traffic, possible_ways
from tests.fakes.people import eventually

NOBODY = cast(Any, None)
WHO = next(iter(catalogue.customers()))


def test_a_form_becomes_an_order_of_the_dishes_that_were_counted() -> None:
    sent = {"restaurant": "trattoria-roma", "customer": WHO, "dish-0": "2", "dish-1": "0", "dish-5": "1", "note": "hi"}
    people = catalogue.ordered(NOBODY, sent)
    assert [(item["quantity"], item["name"]) for item in people.order["items"]] == [(2, "Margherita"), (1, "Tiramisù")]
    assert people.order["note"] == "hi"
    assert people.name == catalogue.customers()[WHO].name


BAD = [
    ({"restaurant": "nowhere"}, "restaurant: expected one of"),
    ({"customer": "nobody"}, "customer: expected"),
    ({"dish-0": "0"}, "dishes: expected at least one"),
    ({"dish-0": "21"}, "Margherita: expected a number up to 20"),
    ({"dish-0": "-1"}, "Margherita: expected a number"),
    ({"dish-0": "1e3"}, "Margherita: expected a number"),
    ({"dish-0": "0021"}, "Margherita: expected a number up to 20"),
    ({"dish-0": "00010000"}, "Margherita: expected a number up to 20"),
    ({"dish-0": {"a": 1}}, "Margherita: expected a number"),
]


@pytest.mark.parametrize(("changes", "sentence"), BAD)
def test_what_can_not_be_ordered_is_refused_with_its_field(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        catalogue.ordered(NOBODY, {"restaurant": "trattoria-roma", "customer": WHO, "dish-0": "1", **changes})


def test_anybody_orders_at_home_from_the_menu() -> None:
    chance = random.Random(7)
    for _ in range(50):
        order = catalogue.somebody(NOBODY, chance).order
        menu = {dish["name"]: dish["price"] for dish in catalogue.restaurants()[order["restaurant_id"]]["menu"]}
        assert all(menu[item["name"]] == item["unit_price"] for item in order["items"])


def test_ways_that_people_alone_bring_about_are_played_crashes_are_not() -> None:
    ways = possible_ways()
    assert {"completed", "rejected", "cancelled", "expired", "timed out"} <= ways.keys()
    assert not any(way.fails or way.stops for way in ways.values())


class Api:
    """An API that takes every order, or none."""

    def __init__(self, *, refuses: bool = False) -> None:
        self.placed: list[dict[str, Any]] = []
        self.acts: list[str] = []
        self._refuses = refuses

    def place(self, order: dict[str, Any], **_: Any) -> str:
        if self._refuses:
            raise Refused(429, "Too many")
        self.placed.append(order)
        return f"order-{len(self.placed)}"

    def act(self, call: str, order_id: str, **_: Any) -> dict[str, Any]:
        self.acts.append(call)
        return {}


def system(api: Api) -> System:
    tokens = SimpleNamespace(customer=lambda *_, **__: "", restaurant=lambda *_: "")

    def kept(order_id: str) -> Any:
        return SimpleNamespace(status="ACCEPTED" if "accept" in api.acts else "PLACED")

    return cast(System, SimpleNamespace(api=api, tokens=tokens, kept=kept))


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traffic, "PAUSE_SECONDS", (0.0, 0.01))
    monkeypatch.setattr(traffic, "THINKING_SECONDS", (0.0, 0.01))
    monkeypatch.setattr(traffic, "PATIENCE_SECONDS", 0.2)


@pytest.mark.usefixtures("hasty")
def test_as_many_are_placed_as_were_asked_for_and_people_answer_them() -> None:
    api, sent = Api(), Traffic()
    sent.start(lambda: system(api), 30)
    eventually(lambda: not sent.is_running, "all are placed")
    assert (sent.placed, len(api.placed), sent.refused) == (30, 30, 0)
    assert api.acts


@pytest.mark.parametrize("count", [0, -1, MOST + 1])
def test_no_more_than_the_bound_are_sent(count: int) -> None:
    with pytest.raises(Refused, match="expected 1 to"):
        Traffic().start(lambda: system(Api()), count)


def test_a_second_run_waits_for_the_first_and_a_stop_ends_it() -> None:
    api, sent = Api(), Traffic()
    sent.start(lambda: system(api), MOST)
    with pytest.raises(Refused, match="on their way"):
        sent.start(lambda: system(api), 1)
    sent.stop()
    eventually(lambda: not sent.is_running, "it ends")
    assert len(api.placed) < MOST


@pytest.mark.usefixtures("hasty")
def test_what_the_api_refuses_is_counted_and_told() -> None:
    sent = Traffic()
    sent.start(lambda: system(Api(refuses=True)), 2)
    eventually(lambda: not sent.is_running, "it ends")
    assert (sent.placed, sent.refused) == (0, 2)
    assert "Too many" in sent.last
