"""Take the pictures of docs/pictures anew: `make pictures`. Starts an engine, places orders, and opens a browser."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial

from takeaway.paths import REPOSITORY, TOOLS
from takeaway.run.cli.output import steps
from takeaway.run.client.people import People
from takeaway.run.client.system import System
from takeaway.run.console.scenarios import STORIES
from takeaway.run.demo.performance import STAGE, own_system
from takeaway.run.deploy.all_wirings import bring_up_beside
from takeaway.run.deploy.parameters import Parameters
from takeaway.waiting import await_until
from tools.browser import Browser, Page, browser

FOLDER = REPOSITORY / "docs/pictures"
WIDTH, HEIGHT = 1440, 900
WIDE = 1920  # all wirings stand in one row
SETTLES_MS = 700  # until CSS transitions have ended
PATIENT_SECONDS, THINKS_SECONDS = 600, 2
TRAVELS = "document.querySelectorAll('.traveller').length > 2"
UNSAID = "document.getElementById('said').textContent === ''"
# The picture of each story that the wirings play beside each other: the story, and what so many columns show then.
PLAYS = {
    "side-by-side": ("goes-well", "COMPLETED", 4),
    "nobody-answers": ("never-answers", "EXPIRED", 3),
    "promotions-down": ("promotions-down", "issues voucher", 3),
    "race": ("race", "ACCEPTED|CANCELLED", 4),
}
COLUMNS = "[...document.querySelectorAll('.column')].map(each => each.innerText)"
Take = Callable[[Page, str, System], None]


def main(wanted: list[str]) -> None:
    """Take all pictures, or those that are named: order, map, replay, side-by-side, nobody-answers, …."""
    takes: dict[str, Take] = {"order": _order, "map": _map, "replay": _replay}
    plays: dict[str, Take] = {name: partial(_played, name) for name in PLAYS}
    known = {**takes, **plays}
    if unknown := set(wanted) - known.keys():
        raise SystemExit(f"There is no picture {', '.join(sorted(unknown))}: there are {', '.join(known)}.")
    chosen = {name: take for name, take in known.items() if not wanted or name in wanted}
    parameters = Parameters(STAGE, PATIENT_SECONDS, PATIENT_SECONDS)
    with steps("starting an engine") as progress, own_system(parameters, progress, {}) as system:
        if plays.keys() & chosen:
            bring_up_beside(system.target, progress)
        environment = {**os.environ, **system.target.environment(), "TAKEAWAY_HOME": str(system.target.home.folder)}
        command = [str(TOOLS / "takeaway"), "--stage", STAGE, "console"]
        with (
            subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process,
            browser() as seen,
        ):
            assert process.stdout is not None
            address = process.stdout.readline().strip()
            try:
                for name, take in chosen.items():
                    progress.step(f"taking a picture: {name}")
                    take(_page(seen), address, system)
            finally:
                process.terminate()  # leaving the block waits for its end, also after a failure


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


def _replay(page: Page, address: str, _: System) -> None:
    """Take the page on which everything that the archive has was just sent to analytics alone."""
    page.goto(f"{address}{STAGE}/operate")
    page.wait("document.querySelectorAll('article').length > 1", seconds=60)  # how each context is
    page.click("to analytics alone")
    page.wait(f"!({UNSAID})", seconds=30)
    _take(page, "replay")


def _played(name: str, page: Page, address: str, _: System) -> None:
    story, shown, columns = PLAYS[name]
    title = STORIES[story].title
    page.do(["setViewportSize", {"width": WIDE, "height": HEIGHT}])
    page.goto(f"{address}wirings")
    page.click(title)
    page.wait(f"{COLUMNS}.every(each => each.includes('{title}'))", seconds=60)
    page.wait(f"{COLUMNS}.every(each => !/under way/.test(each))", seconds=90)
    page.wait(f"{COLUMNS}.filter(each => /{shown}/.test(each)).length >= {columns}", seconds=90)
    page.wait(UNSAID, seconds=60)
    _take(page, name)


def _take(page: Page, name: str) -> None:
    FOLDER.mkdir(exist_ok=True)
    page.do(["waitForTimeout", SETTLES_MS])
    page.do(["screenshot", {"path": str(FOLDER / f"{name}.png")}])


if __name__ == "__main__":
    main(sys.argv[1:])
