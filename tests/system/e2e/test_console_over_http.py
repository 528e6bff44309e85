"""The console on any engine, asked as its pages ask it: each page answers, buttons act, the map hears of each event."""

from collections.abc import Iterator

import pytest

from takeaway.run.client.system import System
from tests.conftest import STAGE, Engine
from tests.fakes.visitors import News, Visitor
from tests.system.e2e.console.conftest import console

pytestmark = pytest.mark.engine
ORDERED = {"restaurant": "trattoria-roma", "dish-0": "2"}


@pytest.fixture(scope="module")
def visitor(engine: Engine, system: System) -> Iterator[Visitor]:
    with console(engine.endpoint, home=engine.target.home.folder, stage=system.target.stage) as address:
        yield Visitor(address, STAGE)


def ordered(visitor: Visitor, customer: str) -> str:
    """Order in the shop, and return the order's id."""
    there: str = visitor.asks("shop", customer=customer, **ORDERED)["go"]
    return there.rpartition("/")[2]


@pytest.fixture(scope="module")
def somebody(visitor: Visitor) -> str:
    """Return a customer of the shop."""
    return visitor.sees("shop").split('<select name="customer">')[1].split('value="')[1].split('"')[0]


def test_an_order_is_placed_accepted_and_completed_on_its_page_and_the_map_hears_of_it(
    visitor: Visitor, somebody: str
) -> None:
    order_id = ordered(visitor, somebody)
    order = f"orders/{order_id}"
    visitor.hears(f"order/{order_id}", lambda html: "waits in <b>Await restaurant decision" in html, "its wait")
    assert visitor.asks(f"{order}/accept")["said"] == "The order is accepted."
    visitor.hears(f"order/{order_id}", lambda html: "waits in <b>Await completion" in html, "its second wait")
    assert visitor.asks(f"{order}/complete")["said"] == "The order is completed."
    visitor.hears(
        f"order/{order_id}",
        lambda html: "The workflow has ended" in html and "issues voucher" in html,
        "its end, and its voucher",
    )

    told: dict[str, list[str]] = {}

    def all_travelled(news: News) -> bool:
        told.update({each["name"]: each["to"] for each in news["entries"] if each["order"] == order_id})
        return "order_completed" in told

    visitor.hears_news(all_travelled, f"the end of {order_id}")
    assert told["order_completed"] == ["analytics", "promotions"]
    assert told["order_accepted"] == ["analytics"]


def test_a_second_decision_is_refused_in_a_sentence(visitor: Visitor, somebody: str) -> None:
    order_id = ordered(visitor, somebody)
    assert "cancelled" in visitor.asks(f"orders/{order_id}/cancel")["said"]
    with pytest.raises(AssertionError, match=r"\(409\)"):
        visitor.asks(f"orders/{order_id}/accept")


@pytest.mark.parametrize("page", ["map", "orders", "shop", "operate", "operate?letters=promotions", "/wirings"])
def test_each_page_answers(page: str, visitor: Visitor) -> None:
    assert "The system can’t be seen" not in visitor.sees(page)


def test_a_neighbour_is_out_on_its_page_and_on_the_map_and_then_reads_again(visitor: Visitor, system: System) -> None:
    def out(expected: bool) -> None:
        visitor.hears_news(
            lambda news: news["rooms"]["promotions"]["out"] is expected, f"promotions is out: {expected}"
        )

    try:
        assert "promotions is out" in visitor.asks("operate/promotions/stop")["said"]
        out(expected=True)
    finally:
        assert "promotions goes on" in visitor.asks("operate/promotions/go-on")["said"]
    out(expected=False)
    visitor.hears("operate", lambda html: "✕ is out" not in html, "everybody reads")
    visitor.hears("health", lambda html: "promotions" in html, "how each context is")


def test_a_story_is_played_in_each_system_that_is_deployed(visitor: Visitor) -> None:
    assert visitor.asks("/wirings/goes-well")["said"].startswith("Goes well: played in ")
    visitor.hears("column", lambda html: "issues voucher" in html, "the story's voucher")
