"""Which system a command means."""

import http.server
import json
import sys
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from takeaway.client import target as targets
from takeaway.client.target import Target, resolve
from takeaway.deploy.deployment import context_of
from takeaway.deploy.parameters import Parameters
from takeaway.engine.home import EngineRecord, Home
from takeaway.engine.kinds import EngineKind, kind_of, traits_of
from takeaway.errors import NoRunningSystem

HERE = EngineRecord(pid=1, port=4566, stage="here")


@pytest.fixture
def running(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setattr(home, "running", lambda: HERE)
    return home


def test_an_endpoint_that_the_environment_names_comes_first(running: Home) -> None:
    environment = {"AWS_ENDPOINT_URL": "http://elsewhere:4566/", "AWS_PROFILE": "work"}
    assert resolve(running, environment=environment).endpoint == "http://elsewhere:4566"


@pytest.mark.parametrize(("option", "environment"), [("work", {}), (None, {"AWS_PROFILE": "work"})])
def test_then_a_profile_which_means_aws(running: Home, option: str | None, environment: dict[str, str]) -> None:
    found = resolve(running, profile=option, environment=environment)
    assert (found.endpoint, found.profile) == (None, "work")
    assert found.environment() == {"AWS_PROFILE": "work"}


def test_then_the_engine_that_runs_here_with_its_stage(running: Home) -> None:
    found = resolve(running, environment={})
    assert (found.endpoint, found.stage) == ("http://127.0.0.1:4566", "here")


def test_a_stage_that_was_asked_for_is_taken(running: Home) -> None:
    assert resolve(running, stage="there", environment={}).stage == "there"


def test_without_any_the_way_out_is_named(home: Home) -> None:
    with pytest.raises(NoRunningSystem, match="takeaway up"):
        resolve(home, environment={})


def test_the_engine_that_runs_here_never_gets_credentials_of_this_machine(
    running: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")  # pragma: allowlist secret
    environment = {"AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "eu-north-1"}  # pragma: allowlist secret
    assert resolve(running, environment=environment).environment() == {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:4566",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",  # pragma: allowlist secret
        "AWS_REGION": "us-east-1",
    }


def test_an_engine_of_someone_else_gets_the_credentials_and_region_that_were_given(home: Home) -> None:
    environment = {"AWS_ENDPOINT_URL": "http://elsewhere", "AWS_ACCESS_KEY_ID": "me", "AWS_REGION": "eu-north-1"}
    found = resolve(home, environment=environment)
    assert found.credentials["AWS_ACCESS_KEY_ID"] == "me"
    assert found.credentials["AWS_SECRET_ACCESS_KEY"] == "test"  # pragma: allowlist secret
    assert found.client("sqs").meta.region_name == "eu-north-1"


def test_a_client_is_made_once_and_ignores_the_proxy_of_this_machine(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example.com")
    found = Target(home, endpoint="http://127.0.0.1:1")
    assert found.client("sqs") is found.client("sqs")
    assert found.client("sqs").meta.config.proxies == {}


def test_an_endpoint_where_nothing_answers_is_told(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(targets, "kind_of", lambda _: None)
    with pytest.raises(NoRunningSystem, match="http://nowhere"):
        _ = Target(home, endpoint="http://nowhere").traits


@pytest.fixture
def answering(request: pytest.FixtureRequest) -> Iterator[str]:
    """An endpoint that knows only the given paths."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path in request.param else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("answering", "kind"),
    [
        (("/_ministack/health", "/_localstack/health"), EngineKind.MINISTACK),
        (("/_localstack/health",), EngineKind.LOCALSTACK),
        ((), None),
    ],
    indirect=["answering"],
)
def test_an_engine_is_known_by_the_paths_that_it_answers(answering: str, kind: EngineKind | None) -> None:
    assert kind_of(answering) is kind


@pytest.fixture
def localstack(request: pytest.FixtureRequest, home: Home) -> Iterator[Target]:
    """One that says of which edition it is."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path.startswith("/_localstack/") else 404)
            self.end_headers()
            self.wfile.write(json.dumps({"edition": request.param}).encode())

        def log_message(self, *_: object) -> None: ...

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Target(home, endpoint=f"http://127.0.0.1:{server.server_address[1]}")
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("localstack", ["community"], indirect=True)
def test_functions_in_containers_of_localstack_find_it_and_the_issuer_by_its_name_there(localstack: Target) -> None:
    port = urlsplit(localstack.endpoint).port
    assert localstack.endpoint_of_functions == f"http://localhost.localstack.cloud:{port}"
    context = context_of(localstack, Parameters())
    assert context["oidcIssuer"] == f"http://localhost.localstack.cloud:{port}/takeaway-dev-issuer"
    assert (context["python"], context["dependencies"]) == ("3.13", "bundle")  # containers have no layers here


@pytest.mark.parametrize("localstack", ["unknown"], indirect=True)
def test_functions_that_are_processes_of_this_machine_find_it_where_everyone_does(localstack: Target) -> None:
    assert localstack.endpoint_of_functions == localstack.endpoint
    assert localstack.traits.python == f"{sys.version_info.major}.{sys.version_info.minor}"


def test_no_endpoint_is_aws() -> None:
    assert kind_of(None) is EngineKind.AWS


def test_only_the_embedded_engine_has_what_functions_import_and_lacks_what_is_made_good() -> None:
    traits = {kind: traits_of(kind) for kind in EngineKind}
    assert {kind for kind, each in traits.items() if each.dependencies == "engine"} == {EngineKind.MINISTACK}
    assert {kind for kind, each in traits.items() if each.archive_in_template} == {EngineKind.AWS}
    assert {kind for kind, each in traits.items() if not each.keeps_ttl} == {EngineKind.MINISTACK}
    assert (traits[EngineKind.AWS].python, traits[EngineKind.AWS].architecture) == ("3.13", "arm64")


def test_an_engine_is_reached_whatever_profile_this_machine_has(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "not-there")
    client = Target(home, endpoint="http://127.0.0.1:1").client("s3")
    assert client.meta.endpoint_url == "http://127.0.0.1:1"
