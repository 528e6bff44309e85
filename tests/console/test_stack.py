"""The stack of the console: its subscriptions and permissions, and that it depends on no other code."""

import json

import pytest
from aws_cdk.assertions import Match, Template

from contexts.console.infrastructure.stack import ConsoleStack
from shared import schema_tools
from shared.infrastructure.deployment import Deployment
from tests.fakes.templates import ENVIRONMENT, allowed_actions, bare_app, rule_matches


@pytest.fixture(scope="module")
def template() -> Template:
    stack = ConsoleStack(
        bare_app(),
        "console",
        deployment=Deployment(dependencies="engine"),
        topic_name="the-topic",
        env=ENVIRONMENT,
    )
    return Template.from_stack(stack)


def test_the_console_hears_every_event_of_a_context_and_nothing_else(template: Template) -> None:
    assert [each for each in schema_tools.events() if not rule_matches(template, schema_tools.example(*each))] == []
    event = schema_tools.example("order_placed")
    assert rule_matches(template, event | {"source": "takeaway.another"})
    assert not rule_matches(template, event | {"source": "aws.states"})
    template.has_resource_properties("AWS::Events::Rule", {"EventBusName": "takeaway-dev"})


def test_the_console_hears_every_message_to_a_restaurant(template: Template) -> None:
    template.has_resource_properties(
        "AWS::SNS::Subscription",
        {
            "Protocol": "sqs",
            "TopicArn": Match.object_like({"Fn::Join": Match.any_value()}),
            "FilterPolicy": Match.absent(),
        },
    )
    (subscription,) = template.find_resources("AWS::SNS::Subscription").values()
    assert "the-topic" in json.dumps(subscription["Properties"]["TopicArn"])


def test_its_function_writes_the_journal_and_may_do_no_more(template: Template) -> None:
    actions = set().union(*allowed_actions(template).values())
    assert {action for action in actions if action.startswith("dynamodb:")} == {"dynamodb:PutItem"}
    assert {action.partition(":")[0] for action in actions} <= {"dynamodb", "sqs", "logs", "xray", "sns"}


def test_the_journal_forgets(template: Template) -> None:
    template.has_resource_properties(
        "AWS::DynamoDB::Table", {"TimeToLiveSpecification": {"AttributeName": "expires_at", "Enabled": True}}
    )


def test_the_console_knows_others_by_name_only(template: Template) -> None:
    assert "Fn::ImportValue" not in json.dumps(template.to_json())
    assert all("Export" not in output for output in template.to_json()["Outputs"].values())
    assert "JournalTable" in template.to_json()["Outputs"]
