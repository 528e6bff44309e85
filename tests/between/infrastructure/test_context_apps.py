"""Each context has a CDK app of its own, and one app has them all."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from aws_cdk import App, Stack

from shared.infrastructure import context_app
from shared.infrastructure.bundle_contents import REPOSITORY
from shared.infrastructure.context_app import ContextApp, discovered, settings
from shared.infrastructure.deployment import InvalidParameter
from shared.infrastructure.production import refuse_placeholders
from takeaway.errors import SynthesisRefused, UsageError
from takeaway.paths import contexts
from takeaway.run.deploy import apps, cdk
from takeaway.wiring import Wiring
from tests.between.infrastructure.conftest import Synthesize
from tools.copies import copy_repository

APPS = discovered(REPOSITORY)
FLAGS = "aws-cdk-lib/feature-flag-report"


def test_every_context_and_the_bus_have_an_app() -> None:
    assert set(APPS) == {*contexts(REPOSITORY), "bus"}
    assert {name: app.folder.name for name, app in APPS.items()} == {name: name for name in APPS}


@pytest.mark.parametrize("name", APPS)
def test_an_app_has_one_stack_which_is_that_of_the_whole(synthesized: Synthesize, name: str) -> None:
    alone, whole = synthesized("dev", name), synthesized("dev")
    assert alone.contexts == [name]
    assert alone.template(name) == whole.template(name)


def test_those_that_are_deployed_together_come_in_order(synthesized: Synthesize) -> None:
    artifacts = json.loads((synthesized("dev").folder / "manifest.json").read_text())["artifacts"]
    needs = {
        name: {each.removeprefix("takeaway-dev-") for each in artifacts[f"takeaway-dev-{name}"].get("dependencies", ())}
        & APPS.keys()
        for name in APPS
    }
    assert needs.pop("bus") == set()
    assert needs.pop("console") == {"bus", "orders"}
    assert needs == {name: {"bus"} for name in needs}


@pytest.mark.parametrize("name", APPS)
def test_the_cdk_cli_starts_the_app_of_the_folder_that_it_is_in(name: str) -> None:
    app = json.loads((APPS[name].folder / "cdk.json").read_text())["app"]
    assert app == "python ../../shared/run_app.py"
    assert (APPS[name].folder / "../../shared/run_app.py").resolve() == REPOSITORY / "shared/run_app.py"


@pytest.fixture
def anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take no earlier synthesis, and keep none that is made of a copy."""
    monkeypatch.setattr(cdk.kept, "take", lambda *_, **__: False)
    monkeypatch.setattr(cdk.kept, "keep", lambda *_, **__: None)


@pytest.mark.usefixtures("anew")
def test_what_one_team_breaks_stops_no_other(tmp_path: Path) -> None:
    """Three mistakes are tried in a copy: in a policy, a finding of cdk-nag, and a file that is no Python."""
    copy = copy_repository(tmp_path / "my copy")
    with (copy / "contexts/promotions/voucher_policy.toml").open("a") as policy:
        policy.write("nonsense = [\n")
    (copy / "contexts/analytics/infrastructure/app.py").write_text("import nothing_that_there_is\n")
    cdk.synthesize({}, tmp_path / "out", log=tmp_path / "log", app=apps.of_context("orders", Wiring.HYBRID, copy))
    assert len(list((tmp_path / "out").glob("*.template.json"))) == 1
    app = apps.of_context("promotions", Wiring.HYBRID, copy)
    with pytest.raises(SynthesisRefused, match=r"voucher_policy\.toml is not TOML"):
        cdk.synthesize({}, tmp_path / "other", log=tmp_path / "log", app=app)


def test_a_copy_of_the_repository_deploys_its_own_code(synthesized: Synthesize, tmp_path: Path) -> None:
    """Neither the installed code nor an earlier synthesis of it is used."""
    assert synthesized("dev", "promotions").template("promotions")["Metadata"]["Settings"]["MXN"] == "10 %"
    copy = copy_repository(tmp_path / "copy")
    policy = copy / "contexts/promotions/voucher_policy.toml"
    policy.write_text(policy.read_text().replace("percent = 10", "percent = 11"))
    app = apps.of_context("promotions", Wiring.HYBRID, copy)
    cdk.synthesize({}, tmp_path / "out", log=tmp_path / "log", app=app)
    template = json.loads((tmp_path / "out/takeaway-dev-promotions.template.json").read_text())
    assert template["Metadata"]["Settings"]["MXN"] == "11 %"


def test_a_context_that_there_is_not_is_told_with_those_that_there_are() -> None:
    with pytest.raises(UsageError, match=r"no context 'loyalty': contexts/ has analytics, console, orders, promotions"):
        apps.of_context("loyalty", Wiring.HYBRID)


def test_the_app_of_orders_is_that_of_the_wiring() -> None:
    folders = {wiring: apps.of_context("orders", wiring).name for wiring in Wiring}
    assert folders == {
        "hybrid": "contexts/orders",
        "durable": "examples/durable_orders",
        "choreographed": "examples/choreographed_orders",
        "orchestrated": "examples/orchestrated_everything",
    }
    assert "contexts/orders" in apps.of_context("orders", Wiring.CHOREOGRAPHED).sources


@pytest.fixture
def context(tmp_path: Path) -> Path:
    """Return a context's folder with parameters of its own."""
    written = {"runbooks": "of all", "alarmEmail": "of@all", "stages": {"prod": {"alarmEmail": "of@prod"}}}
    (tmp_path / "cdk.json").write_text(json.dumps({"app": "", "context": written}))
    return tmp_path


@pytest.mark.parametrize(
    ("given", "runbooks", "email"),
    [
        ({}, "of all", "of@all"),
        ({"stage": "prod"}, "of all", "of@prod"),
        ({"stage": "prod", "alarmEmail": "typed@here"}, "of all", "typed@here"),
        # in the context's own folder the CDK CLI passes on the file's values as if they were typed
        ({"stage": "prod", "alarmEmail": "of@all", "runbooks": "of all"}, "of all", "of@prod"),
        ({"runbooks": "typed"}, "typed", "of@all"),
    ],
)
def test_what_is_typed_wins_over_what_is_written_of_the_stage_and_that_over_the_rest(
    context: Path, given: dict[str, str], runbooks: str, email: str
) -> None:
    get = settings(App(context=given), context)
    assert (get("runbooks"), get("alarmEmail"), get("sender")) == (runbooks, email, None)


def test_production_is_protected_by_whichever_app_it_is_deployed(context: Path) -> None:
    app = ContextApp("one", context, lambda app, name, *_: Stack(app, name))
    made = app.add_to(App(context={"stage": "prod"}))
    assert made.termination_protection is True
    assert app.add_to(App(context={"stage": "dev"})).termination_protection is False


@pytest.mark.parametrize("context", ["", "orders", "promotions"])
def test_production_is_not_synthesized_with_examples_and_all_of_them_are_named(context: str, tmp_path: Path) -> None:
    app = apps.of_context(context, Wiring.HYBRID) if context else None
    given = {"stage": "prod", "dependencies": "engine", "oidcAudience": "shop", "alarmEmail": "nobody"}
    with pytest.raises(SynthesisRefused) as refused:
        cdk.synthesize({**given, "sender": "a@shop.example"}, tmp_path / "out", log=tmp_path / "log", app=app)
    said = str(refused.value)
    named = {"": ["orders", "promotions", "analytics", "bus"], "orders": ["orders"], "promotions": ["promotions"]}
    assert {name for name in APPS if f"{name}: " in said} == {*named[context]}
    assert "sender (a@shop.example)" in said
    assert "alarmEmail (nobody)" in said
    assert ("oidcIssuer (not set)" in said) == (context != "promotions")
    assert "oidcAudience" not in said


@pytest.mark.parametrize(
    ("value", "is_placeholder"),
    [
        ("https://issuer.example.com", True),
        ("https://issuer.example.com/realm", True),
        ("orders@takeaway.EXAMPLE.com", True),
        ("orders@shop.test", True),
        ("https://example.org", True),
        ("https://identity.myexample.com", False),
        ("https://example.com.shop.io", False),
        ("https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12", False),
        ("orders@contest.io", False),
    ],
)
def test_an_example_is_known_by_its_domain(value: str, is_placeholder: bool) -> None:
    values = {"stage": "prod", "x": value}
    if is_placeholder:
        with pytest.raises(InvalidParameter, match=re.escape(f"one: x ({value})")):
            refuse_placeholders({"one": (values.get, ["x"])})
    else:
        refuse_placeholders({"one": (values.get, ["x"])})


def test_every_resource_that_can_be_is_tagged_with_its_context_and_its_stage(synthesized: Synthesize) -> None:
    for name in synthesized("dev").contexts:
        tagged = [
            {tag["Key"]: tag["Value"] for tag in tags} if isinstance(tags, list) else tags
            for each in synthesized("dev").template(name)["Resources"].values()
            if (tags := each.get("Properties", {}).get("Tags"))
        ]
        assert tagged
        assert all(tags.items() >= {"context": name, "stage": "dev"}.items() for tags in tagged), name


def test_every_flag_that_the_cdk_recommends_is_set_as_it_recommends(synthesized: Synthesize) -> None:
    artifacts = json.loads((synthesized("dev").folder / "manifest.json").read_text())["artifacts"]
    flags = artifacts[FLAGS]["properties"]["flags"]

    def behaves(flag: dict[str, object]) -> object:
        return flag.get("userValue", flag.get("unconfiguredBehavesLike", {}).get("v2"))  # type: ignore[attr-defined]

    assert {name: behaves(flag) for name, flag in flags.items()} == {
        name: flag["recommendedValue"] for name, flag in flags.items()
    }
    written = json.loads(context_app.FEATURE_FLAGS.read_text())
    assert set(written) <= set(flags), "a flag that the CDK does not know any more"


def test_an_app_that_is_started_elsewhere_says_so(tmp_path: Path) -> None:
    command = [sys.executable, str(REPOSITORY / "shared/run_app.py")]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "expected to be started in the folder of a context" in done.stderr
    assert "Traceback" not in done.stderr
