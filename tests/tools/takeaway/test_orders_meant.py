"""The order that a person means who types less than its whole id."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from takeaway.errors import TakeawayError, UsageError
from takeaway.run.client.orders import meant, newest, place
from takeaway.run.client.system import System
from takeaway.run.client.target import Target
from takeaway.run.engine.home import Home

FIRST, SECOND = "58e2ed4f-6096-5444-a510-7b4bdb7bdfcf", "58aa0000-6096-5444-a510-7b4bdb7bdfcf"


class FakeOrders:
    """A reader of orders by their ids, newest first."""

    statuses = ("PLACED", "COMPLETED")

    def __init__(self, *ids: str, unseen: bool = False) -> None:
        self.ids, self.unseen, self.asked = ids, unseen, 0

    def order(self, order_id: str) -> object | None:
        self.asked += 1
        return object() if order_id in self.ids else None

    def newest(self, *, limit: int, order_id: str = "", **_: str | None) -> Any:
        found = [each for each in self.ids if each.startswith(order_id)]
        orders = [SimpleNamespace(order_id=each, status="PLACED", restaurant_id="trattoria-roma") for each in found]
        return SimpleNamespace(orders=orders[:limit], left_off=len(orders) > limit, unseen=self.unseen)


def having(home: Home, orders: FakeOrders) -> System:
    target = Target(home, endpoint="http://127.0.0.1:4566")
    api = SimpleNamespace(place=lambda order, **_: order)
    return cast(System, SimpleNamespace(target=target, orders=orders, api=api))


def test_a_whole_id_is_taken_as_it_is_and_costs_no_look(home: Home) -> None:
    orders = FakeOrders()
    assert meant(having(home, orders), FIRST) == FIRST
    assert orders.asked == 0


@pytest.mark.parametrize("beginning", ["58e", "58e2ed4f", FIRST[:-1]])
def test_any_beginning_that_one_order_alone_has_will_do(home: Home, beginning: str) -> None:
    assert meant(having(home, FakeOrders(FIRST, SECOND)), beginning) == FIRST


def test_an_id_that_others_begin_with_is_itself(home: Home) -> None:
    assert meant(having(home, FakeOrders("order-10", "order-1")), "order-1") == "order-1"


def test_an_ambiguous_beginning_is_refused_with_those_that_it_could_be(home: Home) -> None:
    with pytest.raises(UsageError, match="several orders begin with 58") as refused:
        meant(having(home, FakeOrders(FIRST, SECOND)), "58")
    assert f"{FIRST}  PLACED  trattoria-roma" in str(refused.value)
    assert SECOND in str(refused.value)
    many = FakeOrders(*(f"58-{number}" for number in range(9)))
    with pytest.raises(UsageError, match="and others: `takeaway orders` lists them"):
        meant(having(home, many), "58")


def test_an_order_that_there_is_not_is_told(home: Home) -> None:
    with pytest.raises(TakeawayError, match="There is no order zz, nor one whose id begins so: `takeaway orders`"):
        meant(having(home, FakeOrders(FIRST)), "zz")


def test_where_a_look_does_not_come_to_the_end_no_beginning_is_taken_for_one_order(home: Home) -> None:
    with pytest.raises(UsageError, match="too many orders to look all of them through for '58e': give it whole"):
        meant(having(home, FakeOrders(FIRST, unseen=True)), "58e")


def test_the_last_order_is_the_one_that_was_placed_last_from_here(home: Home) -> None:
    system = having(home, FakeOrders(FIRST, SECOND))
    assert place(system, SECOND, token="…", idempotency_key="…") == SECOND
    assert meant(system, "last") == SECOND


def test_what_was_placed_in_another_stage_or_engine_or_is_gone_is_not_the_last_one(home: Home) -> None:
    system = having(home, FakeOrders(FIRST))
    Target(home, "other", endpoint=system.target.endpoint).remember_placed(SECOND)
    Target(home, endpoint="http://127.0.0.1:1").remember_placed(SECOND)
    assert meant(system, "last") == FIRST
    system.target.remember_placed(SECOND)
    assert meant(system, "last") == FIRST


def test_an_engine_that_is_stopped_takes_its_last_order_with_it(home: Home) -> None:
    target = Target(home, endpoint="http://127.0.0.1:4566")
    target.remember_placed(FIRST)
    home.forget()
    assert target.placed_last() is None


def test_where_there_is_no_order_there_is_no_last_one(home: Home) -> None:
    with pytest.raises(
        TakeawayError, match="no last order, because there is none yet: `takeaway order FILE` places one"
    ):
        meant(having(home, FakeOrders()), "last")
    with pytest.raises(UsageError, match="none was placed from here, and there are too many"):
        meant(having(home, FakeOrders(FIRST, unseen=True)), "last")


def test_a_list_of_a_status_that_there_is_not_is_refused(home: Home) -> None:
    system = having(home, FakeOrders(FIRST))
    with pytest.raises(UsageError, match="--status: expected one of PLACED, COMPLETED, got 'eaten'"):
        newest(system, limit=5, status="eaten")
    assert len(newest(system, limit=5, status="placed").orders) == 1
