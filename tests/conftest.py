"""Engines and systems for the tests that need real ones: started once per session, or the one AWS_ENDPOINT_URL names.

With pytest-xdist each worker would start its own; by default there is one process and one engine.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from takeaway.client.system import System
from takeaway.client.target import Target, resolve
from takeaway.deploy.parameters import Parameters
from takeaway.deploy.up import bring_up
from takeaway.engine import process
from takeaway.engine.home import Home
from tests.fakes.bus_queue import BusQueue

STAGE = "test"
# Long enough that no order which is answered at once expires by accident, short enough to wait for.
ACCEPT_TIMEOUT = 8


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
