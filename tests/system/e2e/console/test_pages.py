"""Each page at every width, light and dark: axe finds nothing, nothing overflows, and a picture is taken."""

from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from takeaway.run.client.outputs import wirings
from takeaway.run.client.system import System
from takeaway.wiring import Wiring
from tests.conftest import Engine
from tests.fakes.people import Customer, Restaurant, lived
from tests.fakes.visitors import Visitor
from tests.system.e2e.console.conftest import STAGE, WIDTHS, console, ordered
from tools.browser import Browser, Page

pytestmark = [pytest.mark.engine, pytest.mark.own_stage, pytest.mark.embedded("its page asks for e-mails and replays")]
LOOKED_INTO = (WIDTHS[0], WIDTHS[2])  # columns below each other, and beside each other
STICKS_OUT = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="session")
def paths(watched: System) -> dict[str, str]:
    """Return the path of every page, by the name of its picture."""
    order_id = lived(Customer(watched, f"customer-{uuid4().hex[:8]}"), Restaurant(watched))
    return {
        "map": f"/{STAGE}/map",
        "orders": f"/{STAGE}/orders",
        "order": f"/{STAGE}/orders/{order_id}",
        "shop": f"/{STAGE}/shop",
        "operate": f"/{STAGE}/operate",
        "side-by-side": "/wirings",
        "schema": f"/{STAGE}/schemas/order_completed",
        "unknown": f"/{STAGE}/orders/nobody-has-this-one",
    }


@pytest.mark.parametrize("colors", ["light", "dark"])
def test_every_page_can_be_read_by_everybody_at_any_width(
    colors: str, page: Page, address: str, paths: dict[str, str], pictures: Path
) -> None:
    page.do(["emulateMedia", {"colorScheme": colors, "reducedMotion": "reduce"}])
    for name, path in paths.items():
        assert page.goto(f"{address}{path}") == (404 if name == "unknown" else 200), name
        for width in WIDTHS:
            page.do(["setViewportSize", {"width": width, "height": 900}])
            page.do(["waitForTimeout", 300])
            file = pictures / f"{name}-{width}-{colors}.png"
            page.do(["screenshot", {"path": str(file), "fullPage": True}])
            assert page.run(STICKS_OUT) <= 0, f"{name} is wider than {width}: {file}"
            if width in LOOKED_INTO:
                assert page.axe() == [], (name, width)


UNKNOWN = [
    ("/watched/orders/nobody-has-this-one", "There is no order nobody-has-this-one"),
    ("/watched/orders/%3Cimg src=x onerror=alert(1)%3E", "There is no order <img src=x onerror=alert(1)>"),
    ("/watched/schemas/order_eaten", "nobody publishes it"),
    ("/elsewhere/map", "Nothing is deployed as stage elsewhere"),
    ("/no stage/map", "There is no stage “no stage”."),
    ("/watched/nothing", "Not Found"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "sentence"), UNKNOWN)
def test_what_there_is_not_is_a_sentence(path: str, sentence: str, page: Page, address: str) -> None:
    page.goto(f"{address}{path}")
    said = page.run("document.querySelector('main').innerText")
    assert sentence in said
    assert "Traceback" not in said


def test_the_same_order_is_played_in_two_systems_side_by_side(
    page: Page, address: str, watched: System, choreographed: System, pictures: Path
) -> None:
    page.goto(f"{address}/wirings")
    there = {*wirings(watched.target).values()}
    shown = page.run("document.querySelector('main').innerText")
    assert shown.count("It is not deployed here.") == len(Wiring) - len(there)
    page.click("Goes well")
    page.says(f"Goes well: played in {len(there)} systems.")
    column = "document.querySelector('.column.{}').innerText"
    for wiring in ("hybrid", "choreographed"):
        page.wait(f"{column.format(wiring)}.includes('issues voucher')", seconds=90)
    assert page.run("document.querySelectorAll('.column.hybrid .edge.taken').length") > 6
    assert not page.run("document.querySelector('.column.choreographed svg')")
    guessed = page.run(column.format("choreographed"))
    assert "There is no workflow to draw." in guessed
    assert "Nobody knows" in guessed
    page.do(["screenshot", {"path": str(pictures / "side-by-side-played.png"), "fullPage": True}])
    assert page.axe() == []


def test_whoever_is_no_page_of_the_console_changes_and_learns_nothing(address: str) -> None:
    there = httpx.get(f"{address}/watched/shop", trust_env=False)
    port = address.rpartition(":")[2]
    mine = Visitor(address, STAGE).headers
    stop = f"{address}/watched/traffic/stop"
    assert httpx.post(stop, json={}, headers=mine, trust_env=False).status_code == 200
    for strange in ({**mine, "Origin": "https://example.com"}, {**mine, "X-Console-Token": "x"}, {"Origin": address}):
        assert httpx.post(stop, json={}, headers=strange, trust_env=False).status_code == 403
    rebound = {"Host": f"example.com:{port}"}
    assert httpx.get(f"{address}/watched/shop", headers=rebound, trust_env=False).status_code == 421
    policy = there.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", ["orders/{order}", "shop", "operate"])
def test_a_console_that_only_watches_offers_no_acts(page: Page, engine: Engine, watched: System, path: str) -> None:
    _, order_id = ordered(watched)
    with console(engine.endpoint, "--read-only", home=engine.target.home.folder) as other:
        page.goto(f"{other}/watched/{path.format(order=order_id)}")
        page.says("read-only")
        page.wait("document.querySelector('[data-post]')")
        offered = "[...document.querySelectorAll('[data-post]')].filter(each => each.checkVisibility()).length"
        assert page.run(offered) == 0


def test_two_consoles_show_the_same_and_one_that_only_watches_changes_nothing(
    chrome: Browser, page: Page, engine: Engine, address: str, watched: System
) -> None:
    customer, order_id = ordered(watched)
    with console(engine.endpoint, "--read-only", home=engine.target.home.folder) as other:
        second = chrome.page()
        second.goto(f"{other}/watched/orders/{order_id}")
        page.goto(f"{address}/watched/orders/{order_id}")
        second.says("read-only")
        second.run("import('/static/live.js').then(({ post }) => { post(`${location.pathname}/accept`); return 0; })")
        second.says("This console only watches")
        assert customer.sees(order_id)["status"] == "PLACED"
        page.click("accept")
        for tab in (page, second):
            tab.wait("/Await completion/.test(document.querySelector('.now').innerText)", seconds=60)
        second.close()
