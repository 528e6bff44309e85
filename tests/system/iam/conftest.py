"""Everything deployed to an engine where every call is checked: `make test-iam`, or pytest --enforce-iam."""

import pytest

from takeaway.run.client.system import System
from tests.conftest import Engine


@pytest.fixture(scope="session")
def enforced(pytestconfig: pytest.Config, request: pytest.FixtureRequest) -> System:
    if not pytestconfig.getoption("--enforce-iam"):
        pytest.skip("policies are enforced with --enforce-iam only: `make test-iam`")
    system: System = request.getfixturevalue("system")
    return system


@pytest.fixture(scope="session")
def session(engine: Engine) -> object:
    return engine.session
