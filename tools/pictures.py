"""Take the pictures of docs/pictures anew: `make pictures`. Starts an engine, places orders, and opens a browser."""

import os
import subprocess
import sys
import time

from takeaway.paths import REPOSITORY, TOOLS
from takeaway.run.cli.output import steps
from takeaway.run.client.people import People
from takeaway.run.client.system import System
from takeaway.run.demo.performance import STAGE, own_system
from takeaway.run.deploy.beside import bring_up_beside
from takeaway.run.deploy.parameters import Parameters
from takeaway.waiting import await_until
from tools.browser import Browser, Page, browser

FOLDER = REPOSITORY / "docs/pictures"
WIDTH, HEIGHT = 1440, 900
SETTLES_MS = 700  # until CSS transitions have ended
PATIENT_SECONDS, THINKS_SECONDS = 600, 2
TRAVELS = "document.querySelectorAll('.traveller').length > 2"
PLAYED = "[...document.querySelectorAll('.column')].every(each => /issues voucher|Voucher/.test(each.innerText))"


def main(wanted: list[str]) -> None:
    """Take all pictures, or those named: order, map, side_by_side."""
    chosen = [take for take in (_order, _map, _side_by_side) if not wanted or take.__name__.strip("_") in wanted]
    parameters = Parameters(STAGE, PATIENT_SECONDS, PATIENT_SECONDS)
    with steps("starting an engine") as progress, own_system(parameters, progress, {}) as system:
        if _side_by_side in chosen:
            bring_up_beside(system.target, progress)
        environment = {**os.environ, **system.target.environment(), "TAKEAWAY_HOME": str(system.target.home.folder)}
        command = [str(TOOLS / "takeaway"), "--stage", STAGE, "console"]
        with (
            subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process,
            browser() as seen,
        ):
            assert process.stdout is not None
            address = process.stdout.readline().strip()
            for picture in chosen:
                progress.step(f"taking a picture: {picture.__name__.strip('_')}")
                picture(_page(seen), address, system)
            process.terminate()


def _page(seen: Browser) -> Page:
    page = seen.page()
    page.do(["setViewportSize", {"width": WIDTH, "height": HEIGHT}])
    return page


def _order(page: Page, address: str, system: System) -> None:
    """Take an accepted order that waits for its delivery, in light and dark colours."""
    people = People(system)
    order_id = people.place()
    system.placed(order_id)
    time.sleep(THINKS_SECONDS)
    people.act("accept", order_id)
    await_until(lambda: system.kept(order_id).status == "ACCEPTED", seconds=PATIENT_SECONDS)
    page.goto(f"{address}{STAGE}/orders/{order_id}")
    page.wait("/Await completion/.test(document.querySelector('.now').innerText)", seconds=60)
    for colors in ("light", "dark"):
        page.do(["emulateMedia", {"colorScheme": colors}])
        _take(page, f"order-{colors}")
    people.act("complete", order_id)


def _map(page: Page, address: str, _: System) -> None:
    page.goto(f"{address}{STAGE}/shop")
    page.do(["getByLabel", "How many"], ["fill", "40"])
    page.click("Send them")
    page.goto(f"{address}{STAGE}/map")
    time.sleep(15 * THINKS_SECONDS)
    page.wait(TRAVELS, seconds=60)
    page.do(["screenshot", {"path": str(FOLDER / "map.png")}])  # at once, because the travelling events are soon gone


def _side_by_side(page: Page, address: str, _: System) -> None:
    page.goto(f"{address}wirings")
    page.click("Goes well")
    page.wait(PLAYED, seconds=120)
    page.wait("document.getElementById('said').textContent === ''", seconds=60)
    _take(page, "side-by-side")


def _take(page: Page, name: str) -> None:
    FOLDER.mkdir(exist_ok=True)
    page.do(["waitForTimeout", SETTLES_MS])
    page.do(["screenshot", {"path": str(FOLDER / f"{name}.png")}])


if __name__ == "__main__":
    main(sys.argv[1:])
