"""Fixtures of the console's pages: a console over a stage with long deadlines, a browser, a folder for pictures."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from takeaway.paths import PICTURES, TOOLS
from takeaway.run.client.system import System
from takeaway.run.client.target import Target
from takeaway.run.deploy.all_wirings import stage_of
from takeaway.run.deploy.parameters import Parameters
from takeaway.run.deploy.up import bring_up
from takeaway.wiring import Wiring
from tests.conftest import Engine, Silent
from tests.fakes.command_line import nobodys_environment
from tests.fakes.people import Customer
from tools.browser import Browser, NoBrowser, Page, browser

STAGE = "watched"
PATIENT_SECONDS = 600
WIDTHS = (360, 820, 1280, 1920)
MARKED = "document.querySelector('[data-state=\"{}\"]').classList.contains('is-{}')"


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    try:
        with browser() as opened:
            yield opened
    except NoBrowser as why:
        if os.environ.get("CI"):
            pytest.fail(f"in CI pages are looked at: {why}")
        pytest.skip(str(why))


def deployed(engine: Engine, stage: str, wiring: Wiring) -> System:
    target = Target(engine.target.home, stage, endpoint=engine.endpoint, credentials=engine.target.credentials)
    bring_up(target, Parameters(stage, PATIENT_SECONDS, PATIENT_SECONDS, system=wiring), Silent())
    return System(target)


@pytest.fixture(scope="session")
def watched(engine: Engine) -> System:
    return deployed(engine, STAGE, Wiring.HYBRID)


@pytest.fixture(scope="session")
def choreographed(engine: Engine) -> System:
    return deployed(engine, stage_of(Wiring.CHOREOGRAPHED), Wiring.CHOREOGRAPHED)


@contextmanager
def console(endpoint: str, *options: str, home: Path, stage: str = STAGE) -> Iterator[str]:
    """Yield the address of a running console. Any output beside that address fails the test."""
    environment = {**nobodys_environment(), "AWS_ENDPOINT_URL": endpoint, "TAKEAWAY_HOME": str(home)}
    process = subprocess.Popen(
        [TOOLS / "takeaway", "--stage", stage, "console", *options],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        address = process.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:"), process.communicate()
        yield address.rstrip("/")
    finally:
        process.terminate()
        _, said = process.communicate(timeout=20)
    assert "Traceback" not in said, said


@pytest.fixture(scope="session")
def address(engine: Engine, watched: System) -> Iterator[str]:
    with console(engine.endpoint, home=engine.target.home.folder) as at:
        yield at


@pytest.fixture
def page(chrome: Browser) -> Iterator[Page]:
    opened = chrome.page()
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Return the folder in which people find the pictures."""
    PICTURES.mkdir(exist_ok=True)
    return PICTURES


def marked(page: Page, state: str, condition: str) -> None:
    page.wait(MARKED.format(state, condition), seconds=60)


def ordered(system: System) -> tuple[Customer, str]:
    customer = Customer(system, f"customer-{uuid4().hex[:8]}")
    order_id = customer.places()
    system.placed(order_id)
    return customer, order_id
