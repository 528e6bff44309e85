"""Who takes part in the end-to-end tests."""

from uuid import uuid4

import pytest

from takeaway.client.system import System
from tests.fakes.people import Customer, Restaurant, Watcher


@pytest.fixture
def customer(system: System) -> Customer:
    return Customer(system, f"customer-{uuid4().hex[:8]}")


@pytest.fixture
def restaurant(system: System) -> Restaurant:
    return Restaurant(system)


@pytest.fixture
def watcher(system: System) -> Watcher:
    return Watcher(system)
