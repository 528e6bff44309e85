"""A context sends e-mails through a configuration set, may use both, and is told of those that come back."""

import json
from typing import Any

import pytest
from aws_cdk import Stack
from aws_cdk.assertions import Template

from shared.infrastructure.deployment import Deployment
from shared.infrastructure.mailing import REVIEWED, Mailing
from tests.between.infrastructure.conftest import Resources
from tests.fakes.templates import ENVIRONMENT, bare_app

SET, DESTINATION = "AWS::SES::ConfigurationSet", "AWS::SES::ConfigurationSetEventDestination"
SEND, WRITERS = "ses:SendEmail", {"orders": "orders", "promotions": "promotions", "choreographed": "orders"}


def kind(resources: Resources, *types: str) -> Resources:
    return {name: each["Properties"] for name, each in resources.items() if each["Type"] in types}


def resources_to_send(resources: Resources) -> dict[str, list[tuple[str, Any]]]:
    """Return by role the resources with which it may send mail, each with the sender that it must use."""
    found: dict[str, list[tuple[str, Any]]] = {}
    for policy in kind(resources, "AWS::IAM::Policy").values():
        for statement in policy["PolicyDocument"]["Statement"]:
            if SEND in statement["Action"]:
                resource = json.dumps(statement["Resource"]).partition(":ses:")[2]
                sender = statement.get("Condition", {}).get("StringEquals", {}).get("ses:FromAddress")
                found.setdefault(policy["Roles"][0]["Ref"], []).append((resource, sender))
    return found


def through(function: dict[str, Any]) -> Any:
    return function.get("Environment", {}).get("Variables", {}).get("CONFIGURATION_SET")


def test_whoever_may_send_may_use_identities_as_one_sender_and_one_configuration_set(
    stacks: dict[str, Resources],
) -> None:
    assert {name for name, resources in stacks.items() if resources_to_send(resources)} >= WRITERS.keys()
    for name, resources in stacks.items():
        for granted in resources_to_send(resources).values():
            (identity, sender), (configuration_set, any_sender) = granted
            assert "identity/*" in identity
            assert sender
            assert f"configuration-set/takeaway-dev-{WRITERS.get(name, 'orders')}" in configuration_set
            assert any_sender is None


def test_whoever_may_send_is_told_the_configuration_set_of_the_context(stacks: dict[str, Resources]) -> None:
    for resources in stacks.values():
        roles, sets = resources_to_send(resources).keys(), kind(resources, SET).keys()
        told = {
            function["Role"]["Fn::GetAtt"][0]: through(function)["Ref"]
            for function in kind(resources, "AWS::Lambda::Function").values()
            if through(function)
        }
        assert told.keys() == roles
        assert set(told.values()) == sets


@pytest.mark.parametrize(("stack", "context"), WRITERS.items())
def test_an_address_that_bounces_or_complains_is_written_to_no_more(
    stacks: dict[str, Resources], stack: str, context: str
) -> None:
    (made,) = kind(stacks[stack], SET).values()
    assert made["Name"] == f"takeaway-dev-{context}"
    assert made["SuppressionOptions"] == {"SuppressedReasons": ["BOUNCE", "COMPLAINT"]}
    assert made["ReputationOptions"] == {"ReputationMetricsEnabled": True}


@pytest.mark.parametrize("stack", WRITERS)
def test_bounces_and_complaints_are_told_to_a_topic_that_ses_may_publish_to(
    stacks: dict[str, Resources], stack: str
) -> None:
    resources = stacks[stack]
    ((name, destination),) = kind(resources, DESTINATION).items()
    event = destination["EventDestination"]
    topic = event["SnsDestination"]["TopicARN"]
    assert (event["Enabled"], event["MatchingEventTypes"]) == (True, ["bounce", "complaint"])
    ((policy, allowed),) = [
        (id_, each) for id_, each in kind(resources, "AWS::SNS::TopicPolicy").items() if topic in each["Topics"]
    ]
    assert policy in resources[name]["DependsOn"]  # SES publishes a test message when the destination is made
    (may,) = [each for each in allowed["PolicyDocument"]["Statement"] if each["Effect"] == "Allow"]
    assert (may["Action"], may["Principal"]) == ("sns:Publish", {"Service": "ses.amazonaws.com"})
    assert {*may["Condition"]["StringEquals"]} == {"aws:SourceAccount", "aws:SourceArn"}


@pytest.mark.parametrize(("stack", "context"), WRITERS.items())
def test_an_alarm_rings_before_ses_looks_into_the_account(
    stacks: dict[str, Resources], stack: str, context: str
) -> None:
    alarms = {each["AlarmName"]: each for each in kind(stacks[stack], "AWS::CloudWatch::Alarm").values()}
    for what, rate in REVIEWED.items():
        alarm = alarms[f"takeaway-dev-{context}-mail-{what.lower()}s"]
        assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/SES", f"Reputation.{what}Rate")
        assert alarm["Dimensions"] == [{"Name": "ses:configuration-set", "Value": f"takeaway-dev-{context}"}]
        assert 0 < alarm["Threshold"] < rate


def test_the_key_of_a_productions_topic_is_for_ses_too() -> None:
    template = alone(Deployment(stage="prod", dependencies="engine"), events=True)
    ((key,),) = [template.find_resources("AWS::KMS::Key").values()]
    for_ses = [each for each in key["Properties"]["KeyPolicy"]["Statement"] if "Service" in each["Principal"]]
    assert [each["Principal"]["Service"] for each in for_ses] == ["ses.amazonaws.com"]
    assert "Condition" not in for_ses[0]


def test_an_engine_without_configuration_sets_gets_none_and_no_alarm_on_one() -> None:
    template = alone(Deployment(dependencies="engine"), events=False)
    assert template.to_json().get("Resources", {}) == {}


def alone(deployment: Deployment, *, events: bool) -> Template:
    stack = Stack(bare_app(), "alone", env=ENVIRONMENT)
    mailing = Mailing(stack, "Mailing", deployment=deployment, context="x", sender="a@example.com", events=events)
    assert bool([*mailing.watched()]) == events
    return Template.from_stack(stack)
