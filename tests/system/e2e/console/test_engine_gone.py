"""An engine that is not there yet, comes, and goes again, with a page open."""

import pytest

from takeaway.run.engine import process
from takeaway.run.engine.home import Home
from tests.system.e2e.console.conftest import console
from tools.browser import Page

pytestmark = [pytest.mark.engine, pytest.mark.embedded("stops and starts an engine of its own")]


def test_a_page_says_that_the_engine_is_gone_and_comes_back_with_it(page: Page, home: Home) -> None:
    record = process.start_anywhere(home, stage="dev")
    with console(record.endpoint, home=home.folder, stage="dev") as address:
        page.goto(f"{address}/dev/orders")
        page.says("Nothing is deployed as stage dev")
        process.stop(home, record)
        page.goto(f"{address}/dev/orders")
        page.says("Nothing answers at")
        again = process.start(home, port=record.port, stage="dev")
        try:
            page.says("Nothing is deployed as stage dev", seconds=60)
        finally:
            process.stop(home, again)
