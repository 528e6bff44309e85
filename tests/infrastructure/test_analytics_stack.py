"""The stack of analytics: what it listens to, keeps and may do; and that it stands alone."""

import json

import pytest
from aws_cdk import App, Environment
from aws_cdk.assertions import Match, Template

from contexts.analytics.infrastructure.stack import AnalyticsStack
from shared import schemas
from shared.infrastructure.deployment import Deployment
from tests.fakes.templates import allowed_actions, rule_matches


def template_of(deployment: Deployment) -> Template:
    environment = Environment(account="123456789012", region="eu-central-1")
    return Template.from_stack(
        AnalyticsStack(App(), "analytics", deployment=deployment, bus_name="the-bus", env=environment)
    )


@pytest.fixture(scope="module")
def template() -> Template:
    return template_of(Deployment(dependencies="engine"))


def test_analytics_hears_every_event_of_orders_also_of_types_to_come_and_nothing_of_others(template: Template) -> None:
    assert [each for each in schemas.EVENT_TYPES if not rule_matches(template, schemas.example(each))] == []
    event = schemas.example("order_placed")
    assert rule_matches(template, event | {"detail-type": "order_eaten"})
    assert not rule_matches(template, event | {"source": "aws.states"})
    template.has_resource_properties("AWS::Events::Rule", {"EventBusName": "the-bus"})


def test_poison_goes_to_the_dead_letters_after_three_tries(template: Template) -> None:
    template.has_resource_properties("AWS::SQS::Queue", {"RedrivePolicy": Match.object_like({"maxReceiveCount": 3})})
    template.resource_count_is("AWS::CloudWatch::Alarm", 2)


def test_events_are_gathered_into_large_batches(template: Template) -> None:
    template.has_resource_properties(
        "AWS::Lambda::EventSourceMapping",
        {
            "BatchSize": 500,
            "MaximumBatchingWindowInSeconds": 10,
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
        },
    )


def test_the_lake_is_closed_to_the_public_and_encrypted(template: Template) -> None:
    template.has_resource_properties(
        "AWS::S3::Bucket",
        {
            "PublicAccessBlockConfiguration": {
                "BlockPublicAcls": True,
                "BlockPublicPolicy": True,
                "IgnorePublicAcls": True,
                "RestrictPublicBuckets": True,
            },
            "BucketEncryption": {
                "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
            },
        },
    )
    template.has_resource_properties(
        "AWS::S3::BucketPolicy",
        {
            "PolicyDocument": {
                "Statement": [
                    Match.object_like(
                        {"Effect": "Deny", "Condition": {"Bool": {"aws:SecureTransport": "false"}}, "Action": "s3:*"}
                    )
                ]
            }
        },
    )


def test_nothing_empties_a_lake_on_its_own(template: Template) -> None:
    template.resource_count_is("Custom::S3AutoDeleteObjects", 0)
    production = template_of(Deployment(dependencies="engine", stage="prod"))
    production.has_resource("AWS::S3::Bucket", {"DeletionPolicy": "Retain"})


def test_the_function_may_write_to_the_raw_zone_and_read_nothing(template: Template) -> None:
    (bucket,) = template.find_resources("AWS::S3::Bucket")
    allowed = allowed_actions(template)
    written = json.dumps({"Fn::Join": ["", [{"Fn::GetAtt": [bucket, "Arn"]}, "/raw/*"]]}, sort_keys=True)
    assert {resource: actions for resource, actions in allowed.items() if any("s3:" in each for each in actions)} == {
        written: {"s3:PutObject"}
    }
    services = {action.partition(":")[0] for actions in allowed.values() for action in actions}
    assert services <= {"s3", "sqs", "logs", "xray"}


def test_the_function_gets_its_settings(template: Template) -> None:
    (bucket,) = template.find_resources("AWS::S3::Bucket")
    template.has_resource_properties(
        "AWS::Lambda::Function",
        {
            "FunctionName": "takeaway-dev-analytics-ingest-events",
            "Handler": "contexts.analytics.handlers.ingest_events.handler",
            "Environment": {"Variables": Match.object_like({"LAKE_BUCKET": {"Ref": bucket}})},
        },
    )


def test_the_stack_stands_alone_and_says_where_everything_is(template: Template) -> None:
    outputs = template.to_json()["Outputs"]
    assert set(outputs) == {"LakeBucket", "QueueUrl", "DeadLetterQueueUrl", "FunctionName", "RuleName"}
    assert "Fn::ImportValue" not in json.dumps(template.to_json())
    assert all("Export" not in output for output in outputs.values())
