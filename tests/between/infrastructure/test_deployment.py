"""The parameters of a deployment are checked where they are read, and each error names its parameter."""

import re

import pytest
from aws_cdk.assertions import Template

from shared.bus.infrastructure.stack import EventBusStack
from shared.infrastructure.deployment import Deployment, InvalidParameter, flag, seconds, sender
from tests.fakes.templates import bare_app


def test_the_defaults_are_those_of_a_real_deployment() -> None:
    deployment = Deployment.from_context({}.get)
    assert (deployment.stage, deployment.dependencies, deployment.architecture) == ("dev", "layer", "arm64")
    assert deployment.runtime.name == "python3.13"
    assert (deployment.runbooks, deployment.alarm_email) == ("docs/runbooks", None)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("stage", "Dev"),
        ("stage", "a-b"),
        ("stage", ""),
        ("stage", "averyveryverylongstage"),
        ("dependencies", "zip"),
        ("architecture", "arm"),
        ("python", 3.13),
        ("python", "python3.13"),
        ("runbooks", ""),
        ("alarmEmail", "somebody"),
        ("deadLetterSeconds", 0),
        ("deadLetterSeconds", "soon"),
    ],
)
def test_a_wrong_parameter_is_named_with_what_was_expected(name: str, value: object) -> None:
    with pytest.raises(InvalidParameter, match=f"^{name}: expected"):
        Deployment.from_context({name: value}.get)


def test_production_does_not_give_up_sooner_than_recommended() -> None:
    def given(seconds: str, stage: str = "dev") -> int | None:
        return Deployment.from_context({"deadLetterSeconds": seconds, "stage": stage}.get).dead_letter_seconds

    assert (given("60"), given("recommended", "prod")) == (60, None)
    with pytest.raises(InvalidParameter, match="deadLetterSeconds: expected nothing on stage prod"):
        given("60", "prod")


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "ten", [], ""])
def test_seconds_are_whole_and_at_least_one(value: object) -> None:
    with pytest.raises(InvalidParameter, match=re.escape("acceptTimeoutSeconds: expected a whole number")):
        seconds({"acceptTimeoutSeconds": value}.get, "acceptTimeoutSeconds", 600)


def test_a_flag_is_true_or_false_however_the_command_line_passes_it() -> None:
    assert [flag({"archive": value}.get, "archive") for value in ("true", True, "false", False)] == [
        True, True, False, False,
    ]  # fmt: skip
    with pytest.raises(InvalidParameter, match="archive: expected true or false"):
        flag({"archive": "yes"}.get, "archive")


def test_the_bus_has_an_archive_from_which_events_are_replayed() -> None:
    template = Template.from_stack(EventBusStack(bare_app(), "bus", deployment=Deployment(stage="test")))
    template.has_resource_properties("AWS::Events::EventBus", {"Name": "takeaway-test"})
    template.has_resource_properties("AWS::Events::Archive", {"RetentionDays": 90})


def test_the_archive_can_be_left_to_the_engine() -> None:
    template = Template.from_stack(EventBusStack(bare_app(), "bus", deployment=Deployment(), archive=False))
    template.resource_count_is("AWS::Events::Archive", 0)


@pytest.mark.parametrize("value", ["orders@bücher.example", "Zoë <orders@example.com>", "orders", "@example.com"])
def test_a_sender_that_ses_would_refuse_is_no_parameter(value: str) -> None:
    with pytest.raises(InvalidParameter, match=r"^sender: expected an e-mail address in ASCII"):
        sender(lambda _: value)
    assert sender(lambda _: "orders@xn--bcher-kva.example") == "orders@xn--bcher-kva.example"
