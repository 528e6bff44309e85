"""A stack that is deployed alone brings no other along; those that are deployed together come in order."""

import json

import pytest
from aws_cdk import App, Stack

from shared.infrastructure.bundle_contents import REPOSITORY
from shared.infrastructure.deployment_order import COMMAND, deploy_in_order
from tests.infrastructure.conftest import Synthesize

CDK = "node /takeaway/node_modules/.bin/cdk"
ALL = {("orders", "bus"), ("promotions", "bus"), ("analytics", "bus"), ("console", "bus"), ("console", "orders")}


def depending(command: str) -> set[tuple[str, str]]:
    app = App()
    stacks = {name: Stack(app, f"takeaway-dev-{name}") for name in {name for pair in ALL for name in pair}}
    deploy_in_order([(stacks[one], stacks[other]) for one, other in sorted(ALL)], command)
    return {
        (name, needed.stack_name.removeprefix("takeaway-dev-"))
        for name, stack in stacks.items()
        for needed in stack.dependencies
    }


@pytest.mark.parametrize(
    "command",
    [
        f"{CDK} deploy takeaway-dev-promotions -c stage=dev",
        f"{CDK} deploy --require-approval never takeaway-dev-orders",
        f"{CDK} destroy takeaway-dev-bus --force",
        f"{CDK} diff takeaway-dev-promotions takeaway-dev-analytics",
    ],
)
def test_a_stack_that_is_named_without_those_that_it_needs_depends_on_none(command: str) -> None:
    assert depending(command) == set()


@pytest.mark.parametrize(
    "command", [f"{CDK} deploy --all -c stage=dev", f"{CDK} deploy takeaway-dev-*", f"{CDK} synth", ""]
)
def test_all_of_them_come_in_order(command: str) -> None:
    assert depending(command) == ALL


def test_those_that_are_named_together_come_in_order() -> None:
    assert depending(f"{CDK} deploy takeaway-dev-console takeaway-dev-orders") == {("console", "orders")}
    assert depending(f"{CDK} deploy takeaway-dev-bus takeaway-dev-promotions") == {("promotions", "bus")}


def test_the_app_lists_what_every_stack_needs(synthesized: Synthesize) -> None:
    needs = dict(synthesized("dev").needs)
    assert needs.pop("bus") == []
    assert set(needs.pop("console")) == {"bus", "orders"}
    assert needs == {context: ["bus"] for context in needs}
    alone = synthesized("dev", "cdk deploy takeaway-dev-promotions").needs
    assert {needed for others in alone.values() for needed in others} == set()


def test_the_cdk_cli_tells_the_app_its_command_line() -> None:
    app = json.loads((REPOSITORY / "cdk.json").read_text(encoding="utf-8"))["app"]
    assert app == f'{COMMAND}="$(ps -ww -o args= -p $PPID)" python app.py'
