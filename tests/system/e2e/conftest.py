"""Fixtures of the end-to-end tests: requirements on the engine, and observers."""

import pytest

from takeaway.run.client.replay import why_not
from takeaway.run.client.system import System
from takeaway.run.client.target import Target
from takeaway.run.deploy.parameters import Parameters
from takeaway.run.deploy.up import bring_up
from takeaway.run.engine.home import Home
from tests.conftest import Engine, Silent
from tests.fakes.engines import isolates_transactions, keeps_logs
from tests.fakes.people import Watcher


@pytest.fixture(scope="session")
def replays(engine: Engine) -> None:
    """Skip a test if the engine can't replay events to one context."""
    if why := why_not(engine.target.traits):
        pytest.skip(why)


@pytest.fixture(scope="session")
def logs() -> None:
    """Skip a test that reads the logs of functions if the engine keeps none."""
    if not keeps_logs():
        pytest.skip("what functions log is not kept here")


@pytest.fixture(scope="session")
def transactions() -> None:
    """Skip a test in which transactions are cancelled while others write, if moto stands in for DynamoDB."""
    if not isolates_transactions():
        pytest.skip("moto, in place of DynamoDB here, takes back what others write while a transaction is cancelled")


TEAMS = Parameters(stage="teams")  # a stage for tests that deploy parts of it


@pytest.fixture(scope="session")
def target(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Target:
    # A home of its own, because the assembly in it belongs to this stage.
    return Target(Home(tmp_path_factory.mktemp("teams")), TEAMS.stage, endpoint=engine.target.endpoint)


@pytest.fixture
def teams(target: Target) -> System:
    """Deploy this stage as this repository has it, or restore it to that."""
    bring_up(target, TEAMS, Silent())
    return System(target)


@pytest.fixture
def watcher(system: System) -> Watcher:
    return Watcher(system)
