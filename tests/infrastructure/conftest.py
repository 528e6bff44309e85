"""The app as a whole, as the CDK CLI would have it synthesized, for several stages."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Environment
from aws_cdk.assertions import Template

from contexts.orders.infrastructure.parameters import OrdersParameters
from examples.systems import SYSTEMS
from shared.infrastructure.bundle_contents import REPOSITORY
from shared.infrastructure.deployment import Deployment
from takeaway.deploy import cdk
from takeaway.deploy.assembly import Assembly

Synthesize = Callable[..., Assembly]
Resources = dict[str, dict[str, Any]]
EXAMPLES = ("choreographed", "orchestrated")


@pytest.fixture(scope="session")
def synthesized(tmp_path_factory: pytest.TempPathFactory) -> Synthesize:
    """The assembly of a stage, by a command line of the CDK CLI."""

    @cache
    def make(stage: str, command: str = "") -> Assembly:
        out = tmp_path_factory.mktemp(stage)
        if command:
            _run_app(out, {"stage": stage}, command)
        else:  # as all stacks together
            cdk.synthesize({"stage": stage}, out, log=out / "synth.log")
        return Assembly(out, f"takeaway-{stage}")

    return make


def _run_app(out: Path, parameters: dict[str, str], command: str) -> None:
    context = json.loads((REPOSITORY / "cdk.json").read_text(encoding="utf-8"))["context"]
    environment = os.environ | {
        "CDK_OUTDIR": str(out),
        "CDK_CONTEXT_JSON": json.dumps(context | parameters),
        "CDK_COMMAND": command,
    }
    done = subprocess.run(
        [sys.executable, "app.py"], cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def stacks(synthesized: Synthesize) -> dict[str, Resources]:
    """The resources of each stack of a stage, and of the stacks that can stand for orders."""
    assembly = synthesized("dev")
    return {name: of(assembly, name) for name in assembly.needs} | {name: example(name) for name in EXAMPLES}


def of(assembly: Assembly, context: str) -> Resources:
    template = json.loads((assembly.folder / f"{assembly.stack(context)}.template.json").read_text())
    resources: Resources = template["Resources"]
    return resources


def example(system: str) -> Resources:
    parameters = OrdersParameters(
        oidc_issuer="https://issuer.example.com", oidc_audience="takeaway-api", sender="orders@example.com"
    )
    stack = SYSTEMS[system](
        App(),
        system,
        deployment=Deployment(dependencies="engine"),
        bus_name="takeaway-dev",
        parameters=parameters,
        env=Environment(account="123456789012", region="eu-central-1"),
    )
    resources: Resources = Template.from_stack(stack).to_json()["Resources"]
    return resources
