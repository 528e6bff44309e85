"""The stack of promotions: what it listens to, keeps and may do; and that it stands alone."""

import json

import pytest
from aws_cdk import App, Environment
from aws_cdk.assertions import Match, Template

from contexts.promotions.infrastructure.stack import PromotionsStack
from shared import schemas
from shared.infrastructure.deployment import Deployment
from tests.fakes.templates import allowed_actions, rule_matches

SENDER = "promotions@example.com"
DEV = Deployment(dependencies="engine")
PROD = Deployment(dependencies="engine", stage="prod")


def template_of(deployment: Deployment) -> Template:
    environment = Environment(account="123456789012", region="eu-central-1")
    return Template.from_stack(
        PromotionsStack(App(), "promotions", deployment=deployment, bus_name="the-bus", sender=SENDER, env=environment)
    )


@pytest.fixture(scope="module")
def template() -> Template:
    return template_of(DEV)


def test_promotions_hears_of_completed_orders_and_of_nothing_else(template: Template) -> None:
    heard = [each for each in schemas.EVENT_TYPES if rule_matches(template, schemas.example(each))]
    assert heard == ["order_completed"]
    assert not rule_matches(template, schemas.example("order_completed") | {"source": "somebody.else"})
    template.has_resource_properties("AWS::Events::Rule", {"EventBusName": "the-bus"})


def test_a_replayed_event_is_heard_as_well(template: Template) -> None:
    assert rule_matches(template, schemas.example("order_completed") | {"replay-name": "after-the-outage"})


def test_poison_goes_to_the_dead_letters_after_three_tries(template: Template) -> None:
    template.has_resource_properties("AWS::SQS::Queue", {"RedrivePolicy": Match.object_like({"maxReceiveCount": 3})})
    template.resource_count_is("AWS::CloudWatch::Alarm", 2)


def test_a_throttled_mailer_is_not_overrun_after_an_outage(template: Template) -> None:
    template.has_resource_properties("AWS::Lambda::EventSourceMapping", {"ScalingConfig": {"MaximumConcurrency": 5}})


def test_vouchers_expire_and_can_be_restored(template: Template) -> None:
    template.has_resource_properties(
        "AWS::DynamoDB::Table",
        {
            "TableName": "takeaway-dev-vouchers",
            "KeySchema": [{"AttributeName": "order_id", "KeyType": "HASH"}],
            "BillingMode": "PAY_PER_REQUEST",
            "TimeToLiveSpecification": {"AttributeName": "expires_at", "Enabled": True},
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
        },
    )


def test_vouchers_of_production_outlive_their_stack(template: Template) -> None:
    template.has_resource("AWS::DynamoDB::Table", {"DeletionPolicy": "Delete"})
    production = template_of(PROD)
    production.has_resource("AWS::DynamoDB::Table", {"DeletionPolicy": "Retain"})
    production.has_resource_properties("AWS::DynamoDB::Table", {"DeletionProtectionEnabled": True})


def test_the_function_may_do_what_it_does_and_no_more(template: Template) -> None:
    allowed = allowed_actions(template)
    of = {service: {action for actions in allowed.values() for action in actions if action.startswith(f"{service}:")}
          for service in ("dynamodb", "ses", "sqs", "events", "states", "s3", "sns")}  # fmt: skip
    assert of["dynamodb"] == {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"}
    assert of["ses"] == {"ses:SendEmail"}
    assert "sqs:SendMessage" not in of["sqs"]
    assert of["events"] | of["states"] | of["s3"] | of["sns"] == set()
    # X-Ray knows no resources; nothing else is allowed on everything.
    assert {action.partition(":")[0] for action in allowed.get('"*"', set())} <= {"xray"}


def test_it_writes_to_customers_as_the_sender_of_the_deployment_only(template: Template) -> None:
    template.has_resource_properties(
        "AWS::IAM::Policy",
        {
            "PolicyDocument": {
                "Statement": Match.array_with(
                    [
                        Match.object_like(
                            {"Action": "ses:SendEmail", "Condition": {"StringEquals": {"ses:FromAddress": SENDER}}}
                        )
                    ]
                )
            }
        },
    )


def test_the_function_gets_its_settings(template: Template) -> None:
    (table,) = template.find_resources("AWS::DynamoDB::Table")
    template.has_resource_properties(
        "AWS::Lambda::Function",
        {
            "FunctionName": "takeaway-dev-promotions-issue-voucher",
            "Handler": "contexts.promotions.handlers.issue_voucher.handler",
            "Environment": {"Variables": Match.object_like({"VOUCHERS_TABLE": {"Ref": table}, "SENDER": SENDER})},
        },
    )


def test_the_stack_stands_alone_and_says_where_everything_is(template: Template) -> None:
    outputs = template.to_json()["Outputs"]
    assert set(outputs) == {"VouchersTable", "QueueUrl", "DeadLetterQueueUrl", "FunctionName", "RuleName"}
    assert "Fn::ImportValue" not in json.dumps(template.to_json())
    assert all("Export" not in output for output in outputs.values())
