"""Functions inherit the engine's environment, so it may have only variables that are meant for them."""

from pathlib import Path

import pytest

from takeaway.run.deploy.tools import local_environment
from takeaway.run.engine.environment import engine_environment, functions_at_once

SECRETS = (
    "AWS_CA_BUNDLE",
    "AWS_PROFILE",
    "AWS_SESSION_TOKEN",
    "HTTPS_PROXY",
    "http_proxy",
    "PYTHONPATH",
    "MY_PASSWORD",
)


@pytest.fixture(autouse=True)
def full_of_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*SECRETS, "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "secret")


def test_no_credential_proxy_or_certificate_of_this_machine_reaches_the_engine() -> None:
    environment = engine_environment(port=4566, scratch=Path("scratch"))
    assert "secret" not in environment.values()
    assert not set(SECRETS) & environment.keys()


def test_no_credential_or_proxy_of_this_machine_reaches_the_cdk_cli() -> None:
    environment = local_environment({"AWS_ENDPOINT_URL": "http://127.0.0.1:1"})
    assert "secret" not in environment.values()
    assert environment["AWS_ENDPOINT_URL"] == "http://127.0.0.1:1"


def test_the_engine_listens_to_this_machine_only_and_keeps_its_files_together() -> None:
    environment = engine_environment(port=4567, scratch=Path("/scratch"))
    assert (environment["BIND_HOST"], environment["GATEWAY_PORT"]) == ("127.0.0.1", "4567")
    assert environment["IOT_MTLS_ENABLED"] == "0"
    assert environment["TMPDIR"] == environment["HOME"] == "/scratch"


def test_compiled_modules_are_kept_between_functions() -> None:
    assert "PYTHONDONTWRITEBYTECODE" not in engine_environment(port=1, scratch=Path("/scratch"))


@pytest.mark.parametrize(("cores", "functions"), [(1, 4), (2, 4), (4, 8), (64, 16)])
def test_functions_at_once_follow_the_cores_within_bounds(cores: int, functions: int) -> None:
    assert functions_at_once(cores) == functions
