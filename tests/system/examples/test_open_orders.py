"""Orders deployed over open orders with steps renamed at once, in every wiring, on an engine of its own."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest

from takeaway.study.compare.all_four import ACCEPT_TIMEOUT, DELIVERY_TIMEOUT, four_of_its_own
from takeaway.study.compare.findings import Found
from takeaway.study.compare.release import Release
from takeaway.study.compare.stories.open_orders import deploy
from takeaway.wiring import Wiring
from tests.conftest import Silent

pytestmark = [
    pytest.mark.engine,
    pytest.mark.teaching,
    pytest.mark.embedded("LocalStack's free edition has no durable functions"),
]
LOST, STAND = "orders lost, of 4 that were open", "status of the lost orders"
TOLD, AFTERWARDS = "customers of lost orders who were told", "an order that was placed afterwards"
ALARMS = "alarms that this rings"


@pytest.fixture(scope="module")
def found() -> Mapping[Wiring, Found]:
    with (
        four_of_its_own(accept_timeout=ACCEPT_TIMEOUT, delivery_timeout=DELIVERY_TIMEOUT, progress=Silent()) as four,
        ThreadPoolExecutor(len(four)) as pool,
    ):
        told = pool.map(lambda each: deploy(each, Release.of(each)).cells, four.values())
        return dict(zip(four, told, strict=True))


def texts(found: Found, *measures: str) -> list[str]:
    return [found[measure].text for measure in measures]


@pytest.mark.parametrize("wiring", [Wiring.HYBRID, Wiring.ORCHESTRATED])
def test_an_execution_that_keeps_its_definition_loses_the_orders_that_come_to_a_function_that_is_gone(
    found: Mapping[Wiring, Found], wiring: Wiring
) -> None:
    assert texts(found[wiring], LOST, STAND, TOLD, ALARMS) == ["2", "2 FAILED", "2", "orders-failed-orders"]


def test_an_execution_that_keeps_its_code_loses_none(found: Mapping[Wiring, Found]) -> None:
    assert texts(found[Wiring.DURABLE], LOST, STAND, TOLD) == ["0", "none was lost", "0"]


def test_where_nothing_waits_the_message_in_the_queue_of_a_renamed_step_is_lost_and_nobody_is_told(
    found: Mapping[Wiring, Found],
) -> None:
    assert texts(found[Wiring.CHOREOGRAPHED], LOST, STAND, TOLD, ALARMS) == ["1", "1 PLACED for ever", "0", "none"]


@pytest.mark.parametrize("wiring", Wiring)
def test_the_new_version_works_by_itself(found: Mapping[Wiring, Found], wiring: Wiring) -> None:
    assert texts(found[wiring], AFTERWARDS) == ["COMPLETED"]
