"""One order, side by side in four systems of one engine, as a person types it."""

import json

import pytest

from takeaway.paths import EXAMPLES
from takeaway.wiring import Wiring
from tests.fakes import command_line

pytestmark = [pytest.mark.engine, pytest.mark.teaching, pytest.mark.embedded("it starts an engine of its own")]


def test_an_order_that_nobody_answers_ends_where_somebody_waits_for_it_and_nowhere_else() -> None:
    order = str(EXAMPLES / "11-nobody-answers.json")
    done = command_line.takeaway("race", order, "--json", environment=command_line.nobodys_environment())
    assert done.returncode == 0, done.stderr
    lanes = json.loads(done.stdout)
    assert {wiring: lane["status"] for wiring, lane in lanes.items()} == {
        Wiring.HYBRID: "EXPIRED",
        Wiring.DURABLE: "EXPIRED",
        Wiring.CHOREOGRAPHED: "PLACED",
        Wiring.ORCHESTRATED: "EXPIRED",
    }
    assert any("no deadline will end it" in each for each in lanes[Wiring.CHOREOGRAPHED]["knows"])
    assert {moment["actor"] for moment in lanes[Wiring.CHOREOGRAPHED]["moments"]} == {"bus", "restaurant"}
