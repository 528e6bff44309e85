"""Count an order once for all tests of its costs."""

import json

import pytest

from takeaway.paths import EXAMPLES
from takeaway.study.costs.assumptions import assumptions
from takeaway.study.costs.bill import counted, in_production
from takeaway.study.costs.counting.tally import Counted
from takeaway.wiring import Wiring

LUNCH = json.loads((EXAMPLES / "01-lunch-for-two.json").read_text(encoding="utf-8"))["order"]


@pytest.fixture(scope="session")
def hybrid() -> Counted:
    """Count in another process, which takes four seconds of CPU."""
    return counted(in_production(), LUNCH, assumptions())


@pytest.fixture(scope="session")
def durable() -> Counted:
    return counted(in_production(Wiring.DURABLE), LUNCH, assumptions())
