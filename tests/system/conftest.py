"""The people who take part in tests of a deployed system."""

from uuid import uuid4

import pytest

from takeaway.run.client.system import System
from tests.fakes.people import Customer, Restaurant


@pytest.fixture
def inhabited(system: System) -> System:
    """Return the system in which these people are; tests with a stage of their own override this."""
    return system


@pytest.fixture
def customer(inhabited: System) -> Customer:
    return Customer(inhabited, f"customer-{uuid4().hex[:8]}")


@pytest.fixture
def restaurant(inhabited: System) -> Restaurant:
    return Restaurant(inhabited)
