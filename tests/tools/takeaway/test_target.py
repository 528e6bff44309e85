"""The system that a command means."""

import http.server
import json
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from takeaway.errors import EngineGone, NoRunningSystem, TakeawayError, UsageError
from takeaway.run.client import target as targets
from takeaway.run.client.target import Target, resolve
from takeaway.run.deploy.deployment import context_of
from takeaway.run.deploy.parameters import Parameters
from takeaway.run.engine.home import EngineRecord, Home
from takeaway.run.engine.kinds import EngineKind, kind_of, traits_of

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
    """Yield an endpoint that knows only the given paths."""

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
    """Yield a target that says which edition of LocalStack it is."""

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
    assert (context["python"], context["dependencies"]) == ("3.13", "bundle")  # this edition has no layers


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


@pytest.mark.parametrize(
    "endpoint",
    [
        "localhost:4720", "file:///tmp/engine", "/", "http://", "http://localhost:4720/path", "http://localhost:99999",
        "http://localhost:0", "http://[::1", "ftp://localhost", "http://a b", "http://\x1b[31m", "http://ключ:4566",
        "http://me@localhost:4566", "http://localhost:4566?x=1",
    ],
)  # fmt: skip
def test_an_endpoint_that_is_none_is_told_by_the_name_of_its_variable(home: Home, endpoint: str) -> None:
    with pytest.raises(
        UsageError, match="AWS_ENDPOINT_URL: expected where an engine is, such as http://localhost:4566"
    ):
        resolve(home, environment={"AWS_ENDPOINT_URL": endpoint})


@pytest.mark.parametrize("endpoint", ["http://localhost:4566", "https://engine.example.com/", "http://[::1]:4566"])
def test_an_endpoint_is_taken_without_the_slash_at_its_end(home: Home, endpoint: str) -> None:
    assert resolve(home, environment={"AWS_ENDPOINT_URL": endpoint}).endpoint == endpoint.rstrip("/")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AWS_REGION", "us east"),
        ("AWS_REGION", "../x"),
        ("AWS_DEFAULT_REGION", "ключ"),
        ("AWS_ACCESS_KEY_ID", "a\nb"),
        ("AWS_SESSION_TOKEN", "ключ"),
    ],
)
def test_odd_settings_of_an_engine_of_someone_else_are_told_by_their_name(home: Home, name: str, value: str) -> None:
    with pytest.raises(UsageError, match=f"^{name}: expected"):
        resolve(home, environment={"AWS_ENDPOINT_URL": "http://elsewhere", name: value})


ODD_SETTINGS = {
    "AWS_MAX_ATTEMPTS": "abc",
    "AWS_RETRY_MODE": "never",
    "AWS_DEFAULTS_MODE": "odd",
    "AWS_CSM_PORT": "x",
    "AWS_USE_FIPS_ENDPOINT": "true",
    "AWS_CA_BUNDLE": "/no/such/bundle",
    "AWS_PROFILE": "no-such-profile",
}


def test_an_engine_is_reached_whatever_aws_settings_this_person_has(
    home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "config"
    broken.write_text("garbage [[[")
    for name, value in {**ODD_SETTINGS, "AWS_CONFIG_FILE": str(broken)}.items():
        monkeypatch.setenv(name, value)
    client = Target(home, endpoint="http://127.0.0.1:1").client("s3")
    assert client.meta.endpoint_url == "http://127.0.0.1:1"


def test_a_setting_that_aws_can_not_be_reached_with_is_named(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "abc")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    with pytest.raises(TakeawayError, match=r"AWS can't be reached: .*'abc' \(from AWS_MAX_ATTEMPTS\)"):
        Target(home).client("s3")
    with pytest.raises(TakeawayError, match=r"with the profile 'no-such' \(AWS_PROFILE, or --profile\)"):
        Target(home, profile="no-such").client("s3")


def test_an_engine_that_died_is_told_with_its_log(home: Home) -> None:
    home.folder.mkdir(parents=True)
    home.remember(EngineRecord(pid=4711, port=4566, stage="dev"))
    with pytest.raises(EngineGone, match=r"The engine \(process 4711\) died; its orders are gone; its log: ") as raised:
        resolve(home, environment={})
    assert "takeaway up`" in str(raised.value)
    with pytest.raises(EngineGone, match="`takeaway up --stage choreo`"):
        resolve(home, stage="choreo", environment={})


def test_what_answers_without_being_http_is_no_engine() -> None:
    def greet(server: socket.socket) -> None:
        for _ in range(2):
            connection, _ = server.accept()
            with connection:
                connection.send(b"SSH-2.0\r\n")

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=greet, args=(server,), daemon=True).start()
        assert kind_of(f"http://127.0.0.1:{server.getsockname()[1]}") is None
