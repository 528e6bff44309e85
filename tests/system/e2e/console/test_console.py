"""The console in a browser: an order from the shop to its voucher, races, outages, and the map."""

import json

import pytest

from takeaway.run.client.failing import failing
from takeaway.run.client.system import System
from tests.fakes.people import Restaurant, eventually
from tests.system.e2e.console.conftest import marked, ordered
from tools.browser import Browser, Page

pytestmark = [pytest.mark.engine, pytest.mark.own_stage, pytest.mark.embedded("its page asks for e-mails and replays")]


def test_an_order_goes_from_the_shop_to_its_voucher_and_its_way_lights_up(
    page: Page, address: str, watched: System
) -> None:
    page.goto(f"{address}/watched/shop")
    page.do(["getByLabel", "Tiramisù"], ["fill", "2"])
    page.click("Order")
    page.wait("location.pathname.includes('/orders/')")
    marked(page, "Await restaurant decision", "now")
    page.wait("/left/.test(document.querySelector('.countdown').textContent)")
    page.click("accept as trattoria-roma")
    page.says("The order is accepted.")
    marked(page, "Accept order", "done")
    marked(page, "Await completion", "now")
    page.click("complete as trattoria-roma")
    marked(page, "Complete order", "done")
    page.wait("document.querySelectorAll('.edge.taken').length > 6")
    page.says("issues voucher", seconds=60)
    order_id = page.run("location.pathname.split('/').pop()")
    assert watched.kept(order_id).status == "COMPLETED"
    assert not page.run("document.querySelector('.acts')"), "nothing can be done any more"


def test_an_event_opens_to_its_payload_its_schema_and_what_caused_it(page: Page, address: str, watched: System) -> None:
    _, order_id = ordered(watched)
    Restaurant(watched).accepts(order_id)
    page.goto(f"{address}/watched/orders/{order_id}")
    page.click("order_accepted", "link")
    page.says("Because of")
    opened = "document.querySelector('.event:target')"
    causes = f"[...{opened}.querySelectorAll('.causes li')].map(each => each.innerText.split(' ')[0]).join()"
    # The journal may record an event before its cause.
    page.wait(f"{causes} === 'order_placed,restaurant_notified,order_accepted'", seconds=60)
    assert json.loads(page.run(f"{opened}.querySelector('pre').textContent"))["order_id"] == order_id
    page.do(["locator", ".event:target"], ["getByRole", "link", {"name": "its schema"}], ["click"])
    page.says("metadata.causation_id")


def test_of_two_tabs_the_first_wins_and_the_other_is_told_what_the_api_says(
    chrome: Browser, address: str, watched: System
) -> None:
    _, order_id = ordered(watched)
    first, second = chrome.page(), chrome.page()
    for tab in (first, second):
        tab.goto(f"{address}/watched/orders/{order_id}")
    # Both are clicked at once, so the second tab has no time to show the first decision.
    for tab, call in ((first, "accept"), (second, "cancel")):
        tab.run(f"void setTimeout(() => document.querySelector('button.{call}').click())")
    said = "document.getElementById('said').textContent"
    for tab in (first, second):
        tab.wait(f"{said} !== ''", seconds=60)
    words = [tab.run(said) for tab in (first, second)]
    refused = [tab.run("document.getElementById('said').className").split()[1:] for tab in (first, second)]
    assert sorted(refused) == [[], ["refused"]], words
    assert any("(409)" in each for each in words), words
    first.close()
    second.close()


def test_people_of_an_order_are_nowhere_on_its_page(page: Page, address: str, watched: System) -> None:
    customer, order_id = ordered(watched)
    page.goto(f"{address}/watched/orders/{order_id}")
    marked(page, "Place order", "done")
    everything = page.run("document.documentElement.outerHTML")
    for personal in (customer.people.name, customer.order()["delivery_address"], customer.order()["note"], "@example"):
        assert personal not in everything
    assert "eyJ" not in everything, "no token of anybody"


def test_a_neighbour_is_stopped_and_goes_on_and_nothing_is_lost(page: Page, address: str, watched: System) -> None:
    page.goto(f"{address}/watched/operate")
    card = ["locator", "#context-promotions"]
    page.do(card, ["getByRole", "button", {"name": "Stop its consumer"}], ["click"])
    page.do(card, ["getByRole", "button", {"name": "Let it go on"}], ["waitFor"])
    customer, order_id = ordered(watched)
    restaurant = Restaurant(watched)
    restaurant.accepts(order_id)
    customer.waits_for(order_id, "ACCEPTED")
    restaurant.delivers(order_id)
    page.wait("document.querySelector('#context-promotions .figures b').textContent === '1'", seconds=60)
    page.goto(f"{address}/watched/map")
    page.wait("document.querySelector('[data-room=promotions] [data-waiting]').textContent === '1'", seconds=60)
    page.goto(f"{address}/watched/operate")
    page.do(card, ["getByRole", "button", {"name": "Let it go on"}], ["click"])
    page.do(card, ["getByRole", "button", {"name": "Stop its consumer"}], ["waitFor"])
    assert eventually(lambda: watched.vouchers.of_order(order_id), "the voucher comes")


def test_dead_letters_are_shown_without_people_and_go_back(page: Page, address: str, watched: System) -> None:
    customer, order_id = ordered(watched)
    restaurant = Restaurant(watched)
    restaurant.accepts(order_id)
    customer.waits_for(order_id, "ACCEPTED")
    subscription = watched.subscription("promotions")
    with failing(subscription):
        restaurant.delivers(order_id)
        eventually(lambda: subscription.dead_letters.depth().waiting, "it is given up on")
    page.goto(f"{address}/watched/operate?letters=promotions")
    page.run("document.querySelector('.letters details').open = true")
    letter = page.run("document.querySelector('.letters').innerText")
    assert "order_completed" in letter
    assert "personal data, not shown here" in letter
    assert customer.people.name not in letter
    assert "@example" not in letter
    page.click("Redrive them")
    page.says("1 dead letter is back")
    assert eventually(lambda: watched.vouchers.of_order(order_id), "the voucher comes")


def test_an_event_travels_on_the_map_and_stands_in_the_feed(page: Page, address: str, watched: System) -> None:
    page.goto(f"{address}/watched/map")
    page.run("window.seen = new Set(), setInterval(() => document.querySelectorAll('.traveller').forEach("
             "each => seen.add(each.getAttribute('class'))), 40), 0")  # fmt: skip
    _, order_id = ordered(watched)
    short = order_id[:8]
    page.wait(f"[...document.querySelectorAll('#entries a')].some(each => each.textContent === '{short}')", seconds=60)
    page.wait("seen.has('traveller bus') && seen.has('traveller neighbour') && seen.has('traveller restaurant')")
    page.do(["getByLabel", "Order", {"exact": True}], ["fill", "zzz"])
    page.wait("document.querySelectorAll('#entries li').length === 0")
    page.do(["getByLabel", "Order", {"exact": True}], ["fill", short])
    page.do(["getByRole", "combobox", {"name": "Event"}], ["selectOption", "order_placed"])
    page.wait("document.querySelectorAll('#entries li').length === 1")


def test_a_feed_that_is_connected_anew_lists_each_event_once(page: Page, address: str, watched: System) -> None:
    page.goto(f"{address}/watched/map")
    _, order_id = ordered(watched)
    placed = (
        f"[...document.querySelectorAll('#entries li')].filter(each => each.innerText.includes('{order_id[:8]}') "
        "&& each.innerText.includes('order_placed')).length"
    )
    page.wait(f"{placed} === 1", seconds=60)
    page.run("window.anew = 0, document.getElementById('map').addEventListener('news', () => anew += 1), 0")
    page.run("import('/static/live.js').then(live => { live.follow(); return 0; })")
    page.wait("anew > 1")
    assert page.run(placed) == 1


def test_who_wants_less_motion_sees_none(page: Page, address: str, watched: System) -> None:
    page.do(["emulateMedia", {"reducedMotion": "reduce"}])
    page.goto(f"{address}/watched/map")
    page.run("window.moved = 0, setInterval(() => moved += document.querySelectorAll('.traveller').length, 30), 0")
    _, order_id = ordered(watched)
    page.wait(f"[...document.querySelectorAll('#entries a')].some(each => '{order_id}'.startsWith(each.textContent))")
    page.do(["waitForTimeout", 500])
    assert page.run("moved + document.getAnimations().length") == 0


def test_orders_at_random_live_by_themselves_until_they_are_stopped(page: Page, address: str, watched: System) -> None:
    page.goto(f"{address}/watched/shop")
    page.do(["getByLabel", "How many"], ["fill", "200"])
    page.click("Send them")
    page.wait("/^[1-9]/.test(document.querySelector('[data-live]').innerText)", seconds=60)
    page.click("Send them")
    page.says("There are orders on their way")
    page.click("Stop")
    page.wait("/Done/.test(document.querySelector('[data-live]').innerText)", seconds=90)
    page.do(["getByLabel", "How many"], ["fill", "201"])
    page.click("Send them")
    assert not page.run("document.querySelector('.traffic').checkValidity()")
