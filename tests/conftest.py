"""Engines and systems for the tests that need real ones: started once per worker, or the one AWS_ENDPOINT_URL names.

`make test` and `make test-all` run several workers (pytest-xdist). Each has one engine, if it needs any. Tests that
share a deployed stage or a synthesis stay on one worker.
"""

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import pytest
from localstack_client.session import Session
from xdist.scheduler import LoadScopeScheduling

from takeaway import git
from takeaway.paths import ENGINE_PYTHON
from takeaway.run.client.system import System
from takeaway.run.client.target import Target, resolve
from takeaway.run.deploy.parameters import Parameters
from takeaway.run.deploy.up import bring_up
from takeaway.run.engine import process
from takeaway.run.engine.home import Home
from tests.fakes.bus_queue import BusQueue
from tests.fakes.engines import is_embedded, patiently

# A hook of git, or `git rebase --exec`, passes its repository on to all that it starts: tests would commit into it.
for _name in os.environ.keys() - git.environment().keys():
    del os.environ[_name]

# On an engine that several people share each takes another.
STAGE = os.environ.get("TAKEAWAY_STAGE", "test")
TESTS = Path(__file__).parent
ENFORCING = (str(ENGINE_PYTHON), str(TESTS / "system/iam/engine/enforcing.py"))
# What stays together on one worker, because it shares a deployed stage or a synthesis: folders, and files that share a
# stage of their own. Those that take longest begin first: nobody waits for them alone at the end.
TOGETHER = (
    ("tools/labs",),
    ("system/e2e",),
    ("system/examples/test_compare.py", "system/examples/test_choreographed_orders.py",
     "system/examples/test_orchestrated_everything.py", "system/examples/test_durable_orders.py",
     "system/examples/test_switching.py"),
    ("system/faults",),
    ("system/e2e/neighbours",),
    ("system/e2e/console",),
    ("system/e2e/test_teams.py", "system/e2e/test_dev.py", "system/e2e/test_open_orders.py"),
    ("system/iam",),
    ("system/examples/test_race.py",),
    ("system/examples/test_lab.py",),
    ("system/e2e/test_prove.py",),
    ("system/e2e/test_demo.py",),
    ("system/e2e/test_interrupts.py",),
    ("system/workflow",),
    ("between/infrastructure/test_context_apps.py",),
    ("between/infrastructure/test_layers.py",),
    ("between/architecture",),
    ("between/infrastructure",),
    ("tools/takeaway/costs",),
)  # fmt: skip
# Long enough that no order which is answered expires on a busy machine. One test waits for it.
ACCEPT_TIMEOUT_SECONDS = 20
# Folders of which each test takes long and shares nothing: whichever worker is free takes the next.
ALONE = ("tools/changes/",)


def accept_timeout() -> int:
    return patiently(ACCEPT_TIMEOUT_SECONDS)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--enforce-iam", action="store_true", help="everything in the embedded engine acts under its own role's policy"
    )


@cache
def _group(file: str) -> int:
    """Return the position in TOGETHER of the nearest entry that names a file below this folder, or what it is in."""
    parents = (file, *map(str, PurePosixPath(file).parents))
    found = (at for each in parents for at, group in enumerate(TOGETHER) if each in group)
    return next(found, len(TOGETHER))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the tests that stay together first; the other files then fill the gaps between workers."""
    items.sort(key=lambda item: _group(item.path.relative_to(TESTS).as_posix()))


def pytest_collection_finish() -> None:
    """Exempt imported objects from garbage collection, which would look through them again and again."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """Undo that, because DuckDB's binding reports objects that are never collected as leaks."""
    gc.unfreeze()


class Sharing(LoadScopeScheduling):
    """Gives one worker all tests that share something expensive, else the tests of one file."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        file = path.removeprefix(f"{TESTS.name}/")
        group = _group(file)
        return nodeid if file.startswith(ALONE) else str(group) if group < len(TOGETHER) else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Sharing:
    return Sharing(config, log)


@dataclass(frozen=True)
class Engine:
    """An engine to run tests on."""

    target: Target

    @property
    def endpoint(self) -> str:
        assert self.target.endpoint
        return self.target.endpoint

    @property
    def session(self) -> Session:
        """A test's own boto3 session, without code of ours in between; LocalStack's client serves every engine."""
        given = self.target.credentials
        return Session(
            aws_access_key_id=given["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=given["AWS_SECRET_ACCESS_KEY"],
            region_name=given["AWS_REGION"],
            localstack_host=urlsplit(self.endpoint).netloc,
        )


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip tests for the embedded engine on another one, and give the reason."""
    embedded = item.get_closest_marker("embedded")
    if embedded and not is_embedded():
        pytest.skip(f"on the embedded engine only: {embedded.args[0]}")


class Silent:
    """A deployment's progress that is not shown."""

    def step(self, doing: str) -> None: ...

    def done(self, what: str) -> None: ...


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return an empty state folder."""
    return Home(tmp_path / "home")


@pytest.fixture(scope="session")
def session_home() -> Iterator[Home]:
    if os.environ.get("AWS_ENDPOINT_URL") and os.environ.get("TAKEAWAY_HOME"):
        yield Home()  # the home of the person who runs that engine, so that nothing is deployed again
        return
    # Not one of pytest's own folders, which stay: this one has an engine's scratch space in it.
    folder = Path(tempfile.mkdtemp(prefix="takeaway-tests-"))
    yield Home(folder)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def engine(session_home: Home, pytestconfig: pytest.Config) -> Iterator[Engine]:
    enforcing = pytestconfig.getoption("--enforce-iam")
    if os.environ.get("AWS_ENDPOINT_URL"):
        if enforcing:
            raise pytest.UsageError("--enforce-iam is for the embedded engine: unset AWS_ENDPOINT_URL")
        yield Engine(resolve(session_home, stage=STAGE))
        return
    record = process.start_anywhere(session_home, stage=STAGE, command=ENFORCING if enforcing else None)
    yield Engine(Target(session_home, STAGE, endpoint=record.endpoint))
    process.stop(session_home, record)


@pytest.fixture(scope="session")
def system(engine: Engine) -> Iterator[System]:
    """Deploy everything as `takeaway up` does it. All events published there must match their schema."""
    bring_up(engine.target, Parameters(stage=STAGE, accept_timeout=accept_timeout()), Silent())
    published = BusQueue.of(engine.target, "contract")
    yield System(engine.target)
    list(published.received())
