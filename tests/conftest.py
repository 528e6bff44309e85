"""Engines and systems for the tests that need real ones: started once per worker, or the one AWS_ENDPOINT_URL names.

`make test` runs several workers (pytest-xdist). What shares something dear stays together: the tests of a folder that
need an engine share one, those that look at templates share one synthesis.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from takeaway.client.system import System
from takeaway.client.target import Target, resolve
from takeaway.deploy.parameters import Parameters
from takeaway.deploy.up import bring_up
from takeaway.engine import process
from takeaway.engine.home import Home
from tests.fakes.bus_queue import BusQueue

STAGE = "test"
TESTS = Path(__file__).parent
# Folders whose tests stay together on one worker. Those that wait most begin first.
TOGETHER = ("e2e", "faults", "labs", "examples", "workflow", "architecture", "infrastructure")
# Long enough that no order which is answered at once expires by accident, short enough to wait for.
ACCEPT_TIMEOUT = 8


def _place(folder: str) -> int:
    return TOGETHER.index(folder) if folder in TOGETHER else len(TOGETHER)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What stays together comes first: the rest then fills the gaps, a file at a time."""
    items.sort(key=lambda item: _place(item.path.relative_to(TESTS).parts[0]))


class Sharing(LoadScopeScheduling):
    """Gives the tests of a folder that share something dear to one worker."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        folder = file.split("/")[1]
        return folder if folder in TOGETHER else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Sharing:
    return Sharing(config, log)


@dataclass(frozen=True)
class Engine:
    """An engine to run tests on. `credentials` are as boto3.Session takes them."""

    target: Target

    @property
    def endpoint(self) -> str:
        assert self.target.endpoint
        return self.target.endpoint

    @property
    def credentials(self) -> dict[str, str]:
        given = self.target.credentials
        return {
            "aws_access_key_id": given["AWS_ACCESS_KEY_ID"],
            "aws_secret_access_key": given["AWS_SECRET_ACCESS_KEY"],
            "region_name": given["AWS_REGION"],
        }


class Silent:
    """A deployment's progress that nobody watches."""

    def step(self, doing: str) -> None: ...

    def done(self, what: str) -> None: ...


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty state folder."""
    return Home(tmp_path / "home")


@pytest.fixture(scope="session")
def session_home() -> Iterator[Home]:
    # Not one of pytest's own folders, which stay: this one has an engine's scratch space in it.
    folder = Path(tempfile.mkdtemp(prefix="takeaway-tests-"))
    yield Home(folder)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def engine(session_home: Home) -> Iterator[Engine]:
    if os.environ.get("AWS_ENDPOINT_URL"):
        yield Engine(resolve(session_home, stage=STAGE))
        return
    record = process.start_anywhere(session_home, stage=STAGE)
    yield Engine(Target(session_home, STAGE, endpoint=record.endpoint))
    process.stop(session_home, record)


@pytest.fixture(scope="session")
def system(engine: Engine) -> Iterator[System]:
    """Everything, deployed as `takeaway up` does it. Whatever it publishes must be what its schema says."""
    bring_up(engine.target, Parameters(stage=STAGE, accept_timeout=ACCEPT_TIMEOUT), Silent())
    published = BusQueue.of(engine.target, "contract")
    yield System(engine.target)
    list(published.received())
