"""What the end-to-end tests need of their engine, and who looks on."""

import pytest

from takeaway.run.client.system import System
from tests.conftest import Engine
from tests.fakes.engines import isolates_transactions, keeps_logs
from tests.fakes.people import Watcher


@pytest.fixture(scope="session")
def replays(engine: Engine) -> None:
    """For tests that need an engine that replays events to one context."""
    if not engine.target.traits.replays:
        pytest.skip(f"{engine.target.traits.kind} can't replay events to one context")


@pytest.fixture(scope="session")
def logs() -> None:
    """For tests that read what functions log."""
    if not keeps_logs():
        pytest.skip("what functions log is not kept here")


@pytest.fixture(scope="session")
def transactions() -> None:
    """For tests in which transactions are cancelled while others write."""
    if not isolates_transactions():
        pytest.skip("moto, in place of DynamoDB here, takes back what others write while a transaction is cancelled")


@pytest.fixture
def watcher(system: System) -> Watcher:
    return Watcher(system)
