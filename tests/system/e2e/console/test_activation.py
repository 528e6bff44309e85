"""Buttons of the console: pressed by keyboard alone, pressed twice, and meant by Enter in the field beside them."""

from collections import Counter

import pytest

from takeaway.run.client.orders import newest
from takeaway.run.client.system import System
from tests.fakes.people import Watcher
from tests.system.e2e.console.conftest import marked, ordered
from tools.browser import Page

pytestmark = [pytest.mark.engine, pytest.mark.own_stage, pytest.mark.embedded("its page asks for e-mails and replays")]
# Counts the changes that the page asks for; the storage survives that another page is opened.
COUNTS = """(() => { const asks = window.fetch; sessionStorage.asked = 0;
    window.fetch = (...it) => { sessionStorage.asked = Number(sessionStorage.asked) + 1; return asks(...it); }; })()"""
ASKED = "Number(sessionStorage.asked)"
FOCUSED = "document.activeElement.dataset.post?.split('/').pop() ?? document.activeElement.className"
MOST_TABS = 12


def opened(page: Page, address: str, order_id: str) -> None:
    """Open the page of an order that waits for its restaurant."""
    page.goto(f"{address}/watched/orders/{order_id}")
    marked(page, "Await restaurant decision", "now")
    page.run(COUNTS)


def tabbed_to(page: Page, name: str) -> list[str]:
    """Press Tab until a button has the focus. Returns what had it on the way."""
    reached = []
    for _ in range(MOST_TABS):
        page.press("Tab")
        reached.append(page.run(FOCUSED))
        if reached[-1] == name:
            break
    assert reached[-1] == name, reached
    return reached


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_an_order_is_accepted_by_keyboard_alone(key: str, page: Page, address: str, watched: System) -> None:
    customer, order_id = ordered(watched)
    opened(page, address, order_id)
    assert tabbed_to(page, "accept")[0] == "skip"
    page.press(key)
    page.says("The order is accepted.")
    customer.waits_for(order_id, "ACCEPTED")
    page.wait("document.activeElement !== document.body")


def test_enter_in_the_reason_rejects_with_it_and_does_not_accept(page: Page, address: str, watched: System) -> None:
    customer, order_id = ordered(watched)
    opened(page, address, order_id)
    page.do(["getByLabel", "Reason"], ["fill", "No dough"])
    page.press("Enter")
    page.says("The order is rejected.")
    assert customer.waits_for(order_id, "REJECTED")["reason"] == "No dough"


@pytest.mark.parametrize("name", ["accept", "stop"])
def test_a_button_that_is_double_clicked_acts_once_and_says_so(
    name: str, page: Page, address: str, watched: System
) -> None:
    customer, order_id = ordered(watched)
    opened(page, address, order_id)
    page.do(["locator", f"button.{name}"], ["dblclick"])
    page.says({"accept": "The order is accepted.", "stop": "The execution is stopped"}[name])
    customer.waits_for(order_id, {"accept": "ACCEPTED", "stop": "FAILED"}[name])
    assert page.run(ASKED) == 1
    assert not page.run("document.querySelector('.said.refused')")


def test_two_keys_in_quick_succession_accept_once(page: Page, address: str, watched: System) -> None:
    customer, order_id = ordered(watched)
    opened(page, address, order_id)
    tabbed_to(page, "accept")
    page.press("Enter")
    page.press("Enter")
    page.says("The order is accepted.")
    customer.waits_for(order_id, "ACCEPTED")
    assert not page.run("document.querySelector('.said.refused')")
    heard = Watcher(watched).waits_for(order_id, "order_accepted")
    assert Counter(entry.name for entry in heard)["order_accepted"] == 1


def test_an_order_that_is_double_clicked_in_the_shop_is_placed_once(page: Page, address: str, watched: System) -> None:
    before = {order.order_id for order in newest(watched, limit=1000).orders}
    page.goto(f"{address}/watched/shop")
    page.run(COUNTS)
    page.do(["getByRole", "button", {"name": "Order", "exact": True}], ["dblclick"])
    page.wait("location.pathname.includes('/orders/')")
    assert page.run(ASKED) == 1
    after = {order.order_id for order in newest(watched, limit=1000).orders}
    assert after - before == {page.run("location.pathname.split('/').pop()")}
