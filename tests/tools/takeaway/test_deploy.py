"""The inputs of a deployment, and when it would change nothing."""

import fcntl
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from contexts.orders.infrastructure.parameters import OrdersParameters
from shared.refusals import REFUSED
from takeaway.errors import DeploymentFailed, NotInstalled, SynthesisRefused, ToolFailed, UsageError
from takeaway.paths import REPOSITORY
from takeaway.run.cli.up_down import unusual_of
from takeaway.run.client.target import Target
from takeaway.run.deploy import cdk, kept, tools
from takeaway.run.deploy.apps import everything, fingerprint
from takeaway.run.deploy.engine_gaps import declared_senders, declared_ttl
from takeaway.run.deploy.parameters import Parameters
from takeaway.run.deploy.up import bring_up, forget_mark, parameters_of, remember
from takeaway.run.engine.home import Home
from takeaway.run.engine.kinds import EngineKind, traits_of
from takeaway.wiring import Wiring

SOURCES = everything().sources


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    for source in SOURCES:
        path = tmp_path / source
        path.parent.mkdir(parents=True, exist_ok=True)
        if (REPOSITORY / source).is_dir():
            path.mkdir(exist_ok=True)
            (path / "module.py").write_text("1")
        else:
            path.write_text('{"app": "python app.py"}')
    return tmp_path


def test_the_same_sources_and_parameters_have_the_same_fingerprint(repository: Path) -> None:
    assert fingerprint({"stage": "dev"}, everything(repository)) == fingerprint(
        {"stage": "dev"}, everything(repository)
    )


@pytest.mark.parametrize("source", SOURCES)
def test_a_change_of_any_source_changes_the_fingerprint(repository: Path, source: str) -> None:
    before = fingerprint({}, everything(repository))
    path = repository / source
    (path / "module.py" if path.is_dir() else path).write_text('{"app": "python app.py", "changed": true}')
    assert fingerprint({}, everything(repository)) != before


def test_a_new_file_and_another_parameter_change_the_fingerprint_but_compiled_files_do_not(repository: Path) -> None:
    before = fingerprint({}, everything(repository))
    assert fingerprint({"stage": "dev"}, everything(repository)) != before
    (repository / "contexts" / "__pycache__").mkdir()
    (repository / "contexts" / "__pycache__" / "module.pyc").write_text("")
    assert fingerprint({}, everything(repository)) == before
    (repository / "contexts" / "another.py").write_text("")
    assert fingerprint({}, everything(repository)) != before


def test_everything_that_the_templates_are_made_from_is_a_source() -> None:
    assert [source for source in SOURCES if not (REPOSITORY / source).exists()] == []


def test_the_context_follows_the_engine_and_what_was_chosen() -> None:
    context = Parameters(
        stage="test", accept_timeout=5, delivery_timeout=60, extra={"sender": "me@example.com"}
    ).context(traits_of(EngineKind.MINISTACK), "http://issuer")
    assert context["dependencies"] == "engine"
    assert context["archive"] == "false"
    assert (context["stage"], context["oidcIssuer"], context["sender"]) == ("test", "http://issuer", "me@example.com")
    assert int(context["orderTimeoutSeconds"]) > 5 + 60


def test_the_system_is_what_was_chosen_else_the_one_that_runs_else_the_hybrid() -> None:
    def system(chosen: Wiring | None, running: Wiring | None, **extra: str) -> str:
        parameters = Parameters(system=chosen, extra=extra).where(running)
        return parameters.context(traits_of(EngineKind.MINISTACK), "http://issuer")["system"]

    assert system(None, None) == "hybrid"
    assert system(None, Wiring.CHOREOGRAPHED) == "choreographed"
    assert system(Wiring.ORCHESTRATED, Wiring.CHOREOGRAPHED) == "orchestrated"
    assert system(None, Wiring.CHOREOGRAPHED, system="hybrid") == "hybrid"


@pytest.mark.parametrize(
    ("kind", "registry"), [(EngineKind.MINISTACK, "false"), (EngineKind.LOCALSTACK, "false"), (EngineKind.AWS, "true")]
)
def test_schemas_are_registered_where_there_is_a_registry(kind: EngineKind, registry: str) -> None:
    assert Parameters().context(traits_of(kind), "http://issuer")["schemaRegistry"] == registry


@pytest.mark.parametrize(
    ("kind", "events"), [(EngineKind.MINISTACK, "true"), (EngineKind.LOCALSTACK, "false"), (EngineKind.AWS, "true")]
)
def test_mails_go_through_a_configuration_set_where_there_are_some(kind: EngineKind, events: str) -> None:
    assert Parameters().context(traits_of(kind), "http://issuer")["mailEvents"] == events


def test_the_default_timeouts_are_those_of_the_templates() -> None:
    ours = Parameters().context(traits_of(EngineKind.MINISTACK), "http://issuer")
    chosen = OrdersParameters.from_context(ours.get)
    for name in ("accept_timeout", "delivery_timeout", "order_timeout"):
        assert getattr(chosen, name) == getattr(OrdersParameters(), name)


def test_a_timeout_of_nothing_is_refused() -> None:
    with pytest.raises(UsageError, match="--accept-timeout"):
        Parameters(accept_timeout=0)


def test_what_is_not_chosen_anew_stays_as_it_was_deployed(home: Home) -> None:
    target = Target(home, "dev", endpoint="http://here")
    home.remember_deployed("dev", "http://here", {"accept_timeout": 20, "delivery_timeout": 30})
    chosen = parameters_of(target, accept_timeout=None, delivery_timeout=40, extra={})
    assert (chosen.accept_timeout, chosen.delivery_timeout) == (20, 40)
    elsewhere = parameters_of(
        Target(home, "dev", endpoint="http://there"), accept_timeout=None, delivery_timeout=None, extra={}
    )
    assert (elsewhere.accept_timeout, elsewhere.delivery_timeout) == (600, 5400)


def test_on_aws_up_says_what_to_use_instead_and_why_it_is_aws(home: Home) -> None:
    class Nobody:
        def step(self, doing: str) -> None: ...
        def done(self, what: str) -> None: ...

    with pytest.raises(UsageError, match=r"'work' \(AWS_PROFILE, or --profile\) means AWS.*cdk deploy --all"):
        bring_up(Target(home, profile="work"), Parameters(), Nobody())


def test_tables_that_forget_are_found_in_the_templates() -> None:
    forgetting = {"TableName": "a", "TimeToLiveSpecification": {"AttributeName": "expires_at", "Enabled": True}}
    resources = [
        {"Type": "AWS::DynamoDB::Table", "Properties": forgetting},
        {"Type": "AWS::DynamoDB::Table", "Properties": {"TableName": "b"}},
        {"Type": "AWS::SQS::Queue"},
    ]
    assert list(declared_ttl(resources)) == [("a", "expires_at")]


def test_the_addresses_that_functions_write_from_are_found_in_the_templates() -> None:
    resources = [
        {"Type": "AWS::Lambda::Function", "Properties": {"Environment": {"Variables": {"SENDER": "a@example.com"}}}},
        {"Type": "AWS::Lambda::Function", "Properties": {"Environment": {"Variables": {"TABLE": "b"}}}},
        {"Type": "AWS::SQS::Queue"},
    ]
    assert declared_senders(resources) == {"a@example.com"}


def run(script: str, log: Path) -> None:
    tools.run([sys.executable, "-c", script], environment=tools.full_environment({}), log=log)


def test_a_tool_that_fails_is_told_with_its_last_words(tmp_path: Path) -> None:
    with pytest.raises(DeploymentFailed, match=r"tool\.log") as raised:
        run("print('begins', flush=True); raise SystemExit('no such stack')", tmp_path / "tool.log")
    assert str(raised.value).endswith("no such stack")


def test_a_synthesis_that_refuses_on_purpose_is_told_in_its_own_words_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusing(*_: object, **__: object) -> None:
        raise ToolFailed("python failed", REFUSED, ["stage: expected letters", "  and digits"], "synth.log")

    monkeypatch.setattr(cdk, "run", refusing)
    monkeypatch.setattr(cdk.kept, "take", lambda *_, **__: False)
    with pytest.raises(SynthesisRefused) as raised:
        cdk.synthesize({}, tmp_path / "cdk.out", log=tmp_path / "log")
    assert str(raised.value) == "stage: expected letters\n  and digits"


def test_a_synthesis_that_breaks_is_told_with_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaking(*_: object, **__: object) -> None:
        raise ToolFailed("python failed", 1, ["Traceback", "KeyError"], "synth.log")

    monkeypatch.setattr(cdk, "run", breaking)
    monkeypatch.setattr(cdk.kept, "take", lambda *_, **__: False)
    with pytest.raises(ToolFailed, match=r"python failed; all that it said is in synth\.log"):
        cdk.synthesize({}, tmp_path / "cdk.out", log=tmp_path / "log")


def test_the_cdk_cli_gets_a_home_without_a_persons_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "person"))
    environment = cdk._environment({"AWS_ENDPOINT_URL": "http://here"}, tmp_path / "state" / "deploy.log")
    home = Path(environment["HOME"])
    assert home.parent == tmp_path / "state"
    assert list(home.iterdir()) == []


def test_paths_in_the_environment_mean_the_same_for_a_tool_that_runs_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    named = {"TMPDIR": "tmp", "UV_CACHE_DIR": "./cache", "COPIER_CACHE_DIR": "copier", "LOCALSTACK_RIG": "../rig"}
    for name, value in named.items():
        monkeypatch.setenv(name, value)
    given = tools.full_environment({})
    assert {name: given[name] for name in named} == {
        "TMPDIR": f"{tmp_path}/tmp",
        "UV_CACHE_DIR": f"{tmp_path}/cache",
        "COPIER_CACHE_DIR": f"{tmp_path}/copier",
        "LOCALSTACK_RIG": f"{tmp_path.parent}/rig",
    }
    assert tools.local_environment({})["TMPDIR"] == f"{tmp_path}/tmp"


def test_a_tool_that_is_not_installed_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotInstalled, match="make setup"):
        tools.run(["/no/such/cdk"], environment={}, log=tmp_path / "log")


def test_tools_are_ended_when_what_they_are_for_is_interrupted(tmp_path: Path) -> None:
    log = tmp_path / "tool.log"
    script = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(600)'])"

    def running() -> None:
        with suppress(DeploymentFailed):
            run(script, log)

    with ThreadPoolExecutor() as pool:
        task = pool.submit(running)
        tools.end([task])
        assert task.done()
        late = [pool.submit(running) for _ in range(8)]  # some have not started yet
        tools.end(late)
        assert all(each.done() for each in late)


def test_a_tool_that_hangs_is_stopped_and_its_log_is_named(tmp_path: Path) -> None:
    forever = [sys.executable, "-c", "print('thinking', flush=True)\nwhile True: pass"]
    with pytest.raises(DeploymentFailed, match=r"had not ended after 1 seconds .*tool\.log\.\n  thinking"):
        tools.run(forever, environment=tools.full_environment({}), log=tmp_path / "tool.log", limit=1)


def test_temporary_files_of_a_tool_that_is_killed_go_with_it(tmp_path: Path) -> None:
    script = "import os, signal, tempfile; print(tempfile.mkdtemp(), flush=True); os.kill(0, signal.SIGKILL)"
    with pytest.raises(DeploymentFailed):
        run(script, tmp_path / "tool.log")
    (left,) = (tmp_path / "tool.log").read_text().split()
    assert not Path(left).parent.exists()


@pytest.mark.parametrize("home", ["/dev/null/nobody", "", "relative"])
def test_tools_that_keep_caches_get_a_home_that_can_be_written(
    home: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tools, "OWN_HOME", tmp_path / "own")
    monkeypatch.setenv("HOME", home)
    monkeypatch.chdir(tmp_path)
    assert tools.full_environment({})["HOME"] == str(tmp_path / "own")


def test_the_persons_own_home_is_taken_where_it_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert tools.full_environment({})["HOME"] == str(tmp_path)


def test_where_no_home_can_be_written_both_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/dev/null/nobody")
    monkeypatch.setattr(tools, "OWN_HOME", Path("/dev/null/clone"))
    with pytest.raises(DeploymentFailed, match=r"HOME \(/dev/null/nobody\).*/dev/null/clone"):
        tools.full_environment({})


def test_two_processes_that_name_a_log_alike_do_not_mix_what_they_say(tmp_path: Path) -> None:
    log = tmp_path / "tool.log"
    with log.open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        run("print('mine')", log)
    assert log.read_text() == ""
    assert [file.read_text() for file in tmp_path.glob("tool.*.log")] == ["mine\n"]
    run("print('alone')", log)
    assert log.read_text() == "alone\n"


def test_bundles_are_lent_to_each_assembly_and_kept_of_it(tmp_path: Path) -> None:
    first, second, home = tmp_path / "first", tmp_path / "second", tmp_path / "bundles"
    first.mkdir()
    (first / "bundle.abc.zip").write_text("built")
    (first / "manifest.json").touch()
    kept.link(first, home)
    kept.link(home, second)
    assert [(file.name, file.read_text()) for file in second.iterdir()] == [("bundle.abc.zip", "built")]


def test_a_deployment_that_is_interrupted_is_not_said_to_have_changed_nothing(home: Home) -> None:
    target = Target(home, endpoint="http://here")
    context = {"acceptTimeoutSeconds": "21", "deliveryTimeoutSeconds": "5400"}
    remember(target, context, "of 21")
    forget_mark(target)
    assert target.deployed() == {
        "endpoint": "http://here", "fingerprint": None, "as_of": None, "accept_timeout": 21, "delivery_timeout": 5400,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"system": Wiring.HYBRID, "accept_timeout": 600, "delivery_timeout": 5400}, []),
        ({"system": Wiring.HYBRID, "accept_timeout": None, "delivery_timeout": None}, []),
        (
            {"system": Wiring.CHOREOGRAPHED, "accept_timeout": 5, "delivery_timeout": 20},
            ["system choreographed", "accept timeout 5 seconds", "delivery timeout 20 seconds"],
        ),
    ],
)
def test_up_tells_every_wiring_and_timeout_that_is_not_the_usual_one(facts: dict[str, object], told: list[str]) -> None:
    unusual = list(unusual_of(facts, lambda what: f"takeaway {what} --stage blue"))
    assert [each.partition(";")[0] for each in unusual] == told
    assert all(each.endswith(" --stage blue") for each in unusual)
