"""The stack of promotions: its subscription, storage and permissions; and that it depends on no other stack."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from aws_cdk.assertions import Match, Template

from contexts.promotions.application.send_voucher import LEASE
from contexts.promotions.domain.voucher import MEMORY
from contexts.promotions.infrastructure.stack import PromotionsStack
from contexts.promotions.settings.policy_file import voucher_policy
from shared import schema_tools
from shared.bus.infrastructure.stack import ARCHIVE_DAYS
from shared.infrastructure.deployment import Deployment
from shared.refusals import Refusal
from tests.fakes.templates import ENVIRONMENT, allowed_actions, bare_app, rule_matches

SENDER = "promotions@example.com"
DEV = Deployment(dependencies="engine")
PROD = Deployment(dependencies="engine", stage="prod")


def template_of(deployment: Deployment) -> Template:
    return Template.from_stack(
        PromotionsStack(bare_app(), "promotions", deployment=deployment, sender=SENDER, env=ENVIRONMENT)
    )


@pytest.fixture(scope="module")
def template() -> Template:
    return template_of(DEV)


def test_promotions_hears_of_completed_orders_and_of_nothing_else(template: Template) -> None:
    heard = [each for each in schema_tools.events() if rule_matches(template, schema_tools.example(*each))]
    assert heard == [("order_completed", 1, "takeaway.orders")]
    assert not rule_matches(template, schema_tools.example("order_completed") | {"source": "somebody.else"})
    template.has_resource_properties("AWS::Events::Rule", {"EventBusName": "takeaway-dev"})


def test_a_replayed_event_is_heard_as_well(template: Template) -> None:
    assert rule_matches(template, schema_tools.example("order_completed") | {"replay-name": "after-the-outage"})


def test_poison_goes_to_the_dead_letters_after_three_tries(template: Template) -> None:
    template.has_resource_properties("AWS::SQS::Queue", {"RedrivePolicy": Match.object_like({"maxReceiveCount": 5})})


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


def test_the_vouchers_of_a_customer_can_be_listed_in_the_order_of_issuing(template: Template) -> None:
    template.has_resource_properties(
        "AWS::DynamoDB::Table",
        {
            "TableName": "takeaway-dev-vouchers",
            "GlobalSecondaryIndexes": [
                {
                    "IndexName": "by_customer",
                    "KeySchema": [
                        {"AttributeName": "customer_id", "KeyType": "HASH"},
                        {"AttributeName": "issued_at", "KeyType": "RANGE"},
                    ],
                    "Projection": {"ProjectionType": "ALL"},
                }
            ],
        },
    )


def test_customers_are_counted_for_ever_and_the_counts_can_be_restored(template: Template) -> None:
    template.has_resource_properties(
        "AWS::DynamoDB::Table",
        {
            "TableName": "takeaway-dev-promotions-loyalty",
            "KeySchema": [{"AttributeName": "customer_id", "KeyType": "HASH"}],
            "TimeToLiveSpecification": Match.absent(),
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
        },
    )


def test_an_order_is_remembered_at_least_as_long_as_the_bus_keeps_its_event() -> None:
    assert timedelta(days=ARCHIVE_DAYS) <= MEMORY


def test_nobody_takes_over_an_email_from_a_living_function_nor_finds_the_claim_of_a_dead_one(
    template: Template,
) -> None:
    (function,) = template.find_resources("AWS::Lambda::Function").values()
    queues = template.find_resources("AWS::SQS::Queue").values()
    (hidden,) = [each["Properties"]["VisibilityTimeout"] for each in queues if "RedrivePolicy" in each["Properties"]]
    lives, lease = function["Properties"]["Timeout"], LEASE.total_seconds()
    assert lives < lease
    assert lives + lease < hidden


def test_the_data_of_production_outlives_its_stack(template: Template) -> None:
    template.all_resources("AWS::DynamoDB::Table", {"DeletionPolicy": "Delete"})
    production = template_of(PROD)
    production.all_resources("AWS::DynamoDB::Table", {"DeletionPolicy": "RetainExceptOnCreate"})
    production.all_resources_properties("AWS::DynamoDB::Table", {"DeletionProtectionEnabled": True})


def test_a_mistake_in_the_policy_ends_the_synthesis(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    file.write_text("validity_days = 90\n[every_order]\nEUR = { minimum_basket = 15.00, amount = 16.00 }")
    monkeypatch.setattr("contexts.promotions.infrastructure.stack.voucher_policy", lambda: voucher_policy(file))
    with pytest.raises(Refusal, match=r"every_order\.EUR\.amount: expected no more than minimum_basket"):
        template_of(DEV)


def of_table(template: Template, name: str, allowed: dict[str, set[str]]) -> set[str]:
    return allowed[json.dumps({"Fn::GetAtt": [table_id(template, name), "Arn"]})]


def table_id(template: Template, name: str) -> str:
    (id_,) = template.find_resources("AWS::DynamoDB::Table", {"Properties": {"TableName": f"takeaway-dev-{name}"}})
    return id_


def test_the_function_may_do_what_it_does_and_no_more(template: Template) -> None:
    allowed = allowed_actions(template)
    of = {service: {action for actions in allowed.values() for action in actions if action.startswith(f"{service}:")}
          for service in ("dynamodb", "ses", "sqs", "events", "states", "s3", "sns")}  # fmt: skip
    assert of_table(template, "vouchers", allowed) == {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"}
    assert of_table(template, "promotions-loyalty", allowed) == {"dynamodb:GetItem", "dynamodb:UpdateItem"}
    assert of["dynamodb"] == {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"}
    assert [resource for resource in allowed if "index" in resource] == []
    assert of["ses"] == {"ses:SendEmail"}
    assert "sqs:SendMessage" not in of["sqs"]
    assert of["events"] | of["states"] | of["s3"] | of["sns"] == set()
    # Only X-Ray's actions are allowed on `*`, because they have no resources.
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
                        ),
                        Match.object_like({"Action": "ses:SendEmail", "Condition": Match.absent()}),
                    ]
                )
            }
        },
    )


def test_the_function_gets_its_settings(template: Template) -> None:
    template.has_resource_properties(
        "AWS::Lambda::Function",
        {
            "FunctionName": "takeaway-dev-promotions-issue-voucher",
            "Handler": "contexts.promotions.handlers.issue_voucher.handler",
            "Environment": {
                "Variables": Match.object_like(
                    {
                        "VOUCHERS_TABLE": {"Ref": table_id(template, "vouchers")},
                        "LOYALTY_TABLE": {"Ref": table_id(template, "promotions-loyalty")},
                        "SENDER": SENDER,
                        "CONFIGURATION_SET": {"Ref": Match.any_value()},
                    }
                )
            },
        },
    )


def test_the_stack_stands_alone_and_says_where_everything_is(template: Template) -> None:
    outputs = template.to_json()["Outputs"]
    assert set(outputs) == {
        "VouchersTable",
        "LoyaltyTable",
        "QueueUrl",
        "DeadLetterQueueUrl",
        "FunctionName",
        "RuleName",
    }
    assert "Fn::ImportValue" not in json.dumps(template.to_json())
    assert all("Export" not in output for output in outputs.values())
