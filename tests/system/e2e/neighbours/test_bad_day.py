"""`takeaway status` shows a context that fails on every event: since when, with which error, and what can be done."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.fakes.people import eventually
from tests.system.e2e.neighbours.conftest import Neighbours
from tests.system.e2e.neighbours.staging import event, order_of, publish
from tests.system.e2e.neighbours.test_poison import ALWAYS, TRIES, UNLOADABLE, Deployed, redelivered_soon

pytestmark = [pytest.mark.engine, pytest.mark.own_stage]


@pytest.fixture
def broken(logs: None, neighbours: Neighbours) -> Iterator[Deployed]:
    deployed = Deployed(neighbours.system)
    with redelivered_soon(neighbours.system):
        yield deployed
        deployed.is_mended()


@pytest.mark.parametrize(
    ("version", "reason", "where"),
    [
        (ALWAYS, "KeyError: 'a mistake of ours'", "contexts/promotions/handlers/issue_voucher.py:"),
        (UNLOADABLE, "No module named 'a_library_that_is_in_no_layer'", ""),
    ],
    ids=["it fails on every event", "it can't be loaded"],
)
def test_a_context_that_fails_is_told_until_it_gives_up_and_is_mended(
    neighbours: Neighbours, broken: Deployed, version: Any, reason: str, where: str
) -> None:
    takeaway, stage = neighbours.takeaway, neighbours.system.target.stage
    broken.breaks(version)
    publish(neighbours.system, [unlucky := event()])

    failing = eventually(lambda: promotions(neighbours, "failing"), "it is said to fail")
    [consumer] = [each for each in failing["consumers"] if each["redelivery"]]
    assert (failing["waiting"], failing["dead_letters"], consumer["since"] is not None) == (1, 0, True)
    assert reason in consumer["last"]["reason"]
    assert consumer["last"]["where"].startswith(where)
    done, at_most, next_at = consumer["tries"].values()
    assert 1 <= done <= at_most == TRIES
    assert next_at > consumer["last"]["at"]
    for shown in (takeaway("status"), takeaway("status", "promotions")):
        assert "failing since" in shown
        assert f"of {TRIES} tries" in shown
        assert reason in shown
        assert "1 waiting" in shown
        assert f"takeaway deploy promotions --stage {stage}" in shown

    waited = takeaway("dlq", "promotions", "--wait", "120")
    assert f"of {TRIES} tries, next at" in waited
    assert reason in waited
    gave_up = eventually(lambda: promotions(neighbours, "gave up"), "it is said to have given up")
    assert gave_up["dead_letters"] == 1
    assert f"takeaway redrive promotions --stage {stage}" in takeaway("status", "promotions")

    broken.is_mended()
    takeaway("redrive", "promotions")
    eventually(lambda: order_of(unlucky) in neighbours.vouchers(), "a voucher after all")
    eventually(lambda: promotions(neighbours, "working"), "it is said to work")


def promotions(neighbours: Neighbours, state: str) -> dict[str, Any] | None:
    """Return the status of promotions if it is in this state, else None."""
    found: dict[str, Any] = neighbours.takeaway("status", "promotions", "--json")
    return found if found["state"] == state else None
