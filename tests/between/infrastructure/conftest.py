"""Fixtures of templates: the app as a whole, as the CDK CLI would have it synthesized, for several stages."""

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from aws_cdk.assertions import Template

from examples.systems import SYSTEMS
from takeaway.check.templates.assembly import chosen
from takeaway.run.deploy import apps, cdk
from takeaway.run.deploy.assembly import Assembly
from takeaway.wiring import Wiring
from tests.fakes.templates import bare_app

Synthesize = Callable[..., Assembly]
Resources = dict[str, dict[str, Any]]
EXAMPLES = ("durable", "choreographed", "orchestrated")


@pytest.fixture(scope="session")
def synthesized(tmp_path_factory: pytest.TempPathFactory) -> Synthesize:
    """Return a function that synthesizes a stage: everything, or one context by its own app."""

    @cache
    def make(stage: str, context: str = "") -> Assembly:
        out = tmp_path_factory.mktemp(stage)
        app = apps.of_context(context, Wiring.HYBRID) if context else None
        cdk.synthesize({"stage": stage, **chosen(stage)}, out, log=out / "synth.log", app=app)
        return Assembly(out, f"takeaway-{stage}")

    return make


@pytest.fixture(scope="session")
def stacks(synthesized: Synthesize) -> dict[str, Resources]:
    """Return the resources of each stack of a stage, and of the stacks that can stand for orders."""
    assembly = synthesized("dev")
    return {name: of(assembly, name) for name in assembly.contexts} | {name: example(name) for name in EXAMPLES}


def of(assembly: Assembly, context: str) -> Resources:
    resources: Resources = assembly.template(context)["Resources"]
    return resources


def example(system: str) -> Resources:
    stack = SYSTEMS[system].add_to(bare_app(dependencies="engine"))
    resources: Resources = Template.from_stack(stack).to_json()["Resources"]
    return resources
