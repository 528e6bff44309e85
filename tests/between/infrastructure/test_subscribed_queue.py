"""The paved road of a subscription, as its template has it: nothing is lost, nobody may do more than needed."""

from typing import Any

import pytest
from aws_cdk import App, Duration, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_lambda as lambda_
from aws_cdk.assertions import Match, Template

from shared.infrastructure.deployment import Deployment
from shared.infrastructure.subscribed_queue import SubscribedQueue
from tests.fakes.templates import bare_app

NAME = "takeaway-dev-kitchen-orders"


class KitchenStack(Stack):
    """The smallest stack with a subscription; its function needs no bundle."""

    def __init__(
        self, app: App, *, deployment: Deployment | None = None, timeout: int | None = None, **options: Any
    ) -> None:
        super().__init__(app, f"Kitchen{len(app.node.children)}")
        function = lambda_.Function(
            self,
            "Cook",
            runtime=lambda_.Runtime.PYTHON_3_13,
            handler="index.handler",
            code=lambda_.Code.from_inline("def handler(event, context): pass"),
            timeout=Duration.seconds(timeout) if timeout else None,
        )
        SubscribedQueue(
            self,
            "Orders",
            deployment=deployment or Deployment(),
            name="kitchen-orders",
            event_pattern=events.EventPattern(source=["takeaway.orders"], detail_type=["order_accepted"]),
            function=function,
            **options,
        ).add_outputs(self)


@pytest.fixture(scope="module")
def template() -> Template:
    return Template.from_stack(KitchenStack(bare_app()))


def logical_id(template: Template, type_: str, **properties: Any) -> str:
    (found,) = template.find_resources(type_, {"Properties": properties})
    return found


@pytest.fixture(scope="module")
def queue(template: Template) -> str:
    return logical_id(template, "AWS::SQS::Queue", QueueName=NAME)


@pytest.fixture(scope="module")
def dead_letters(template: Template) -> str:
    return logical_id(template, "AWS::SQS::Queue", QueueName=f"{NAME}-dlq")


def arn(id_: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [id_, "Arn"]}


def test_the_rule_is_on_the_bus_by_name_and_delivers_to_the_queue_or_else_to_the_dead_letters(
    template: Template, queue: str, dead_letters: str
) -> None:
    template.resource_count_is("AWS::Events::EventBus", 0)
    template.has_resource_properties(
        "AWS::Events::Rule",
        {
            "Name": NAME,
            "EventBusName": "takeaway-dev",
            "State": "ENABLED",
            "EventPattern": {"source": ["takeaway.orders"], "detail-type": ["order_accepted"]},
            "Targets": [Match.object_like({"Arn": arn(queue), "DeadLetterConfig": {"Arn": arn(dead_letters)}})],
        },
    )


def test_a_message_goes_to_the_dead_letters_after_three_receives(
    template: Template, queue: str, dead_letters: str
) -> None:
    template.has_resource_properties(
        "AWS::SQS::Queue",
        {
            "QueueName": NAME,
            "RedrivePolicy": {"deadLetterTargetArn": arn(dead_letters), "maxReceiveCount": 5},
            "SqsManagedSseEnabled": True,
        },
    )


def test_dead_letters_are_kept_longer_than_messages_can_wait(template: Template, queue: str, dead_letters: str) -> None:
    resources = template.to_json()["Resources"]
    waits, kept = (resources[each]["Properties"]["MessageRetentionPeriod"] for each in (queue, dead_letters))
    assert kept - waits >= 7 * 24 * 3600


def test_a_message_stays_hidden_for_six_times_as_long_as_its_function_may_take() -> None:
    template = Template.from_stack(KitchenStack(bare_app(), batch_size=100, batching_window_seconds=10))
    template.has_resource_properties("AWS::SQS::Queue", {"QueueName": NAME, "VisibilityTimeout": 6 * 3 + 10})
    template.has_resource_properties(
        "AWS::Lambda::EventSourceMapping", {"BatchSize": 100, "MaximumBatchingWindowInSeconds": 10}
    )


@pytest.mark.parametrize(
    ("seconds", "options", "hidden", "timeout", "window"),
    [
        (60, {"timeout": 30}, 12, 12, 0),
        (600, {"timeout": 30}, 120, 30, 0),
        (60, {"timeout": 30, "max_receive_count": 3}, 20, 20, 0),
        (60, {"timeout": 30, "batch_size": 100, "batching_window_seconds": 30}, 12, 11, 1),
        (1, {"timeout": 30, "batch_size": 100, "batching_window_seconds": 30}, 2, 1, 1),
    ],
)
def test_a_deployment_may_give_a_message_up_sooner_and_its_function_as_much_time_as_aws_demands(
    seconds: int, options: dict[str, Any], hidden: int, timeout: int, window: int
) -> None:
    sooner = Deployment(stage="dev", dead_letter_seconds=seconds)
    template = Template.from_stack(KitchenStack(bare_app(), deployment=sooner, **options))
    template.has_resource_properties("AWS::SQS::Queue", {"QueueName": NAME, "VisibilityTimeout": hidden})
    template.has_resource_properties("AWS::Lambda::Function", {"Timeout": timeout})
    template.has_resource_properties("AWS::Lambda::EventSourceMapping", {"MaximumBatchingWindowInSeconds": window})
    assert timeout + window <= hidden


def test_the_function_gets_batches_and_reports_what_failed_in_them(template: Template, queue: str) -> None:
    template.resource_count_is("AWS::Lambda::EventSourceMapping", 1)
    template.has_resource_properties(
        "AWS::Lambda::EventSourceMapping",
        {"EventSourceArn": arn(queue), "BatchSize": 10, "FunctionResponseTypes": ["ReportBatchItemFailures"]},
    )


def test_concurrency_is_unbounded_unless_asked_for(template: Template) -> None:
    template.has_resource_properties("AWS::Lambda::EventSourceMapping", {"ScalingConfig": Match.absent()})
    bounded = Template.from_stack(KitchenStack(bare_app(), max_concurrency=5))
    bounded.has_resource_properties("AWS::Lambda::EventSourceMapping", {"ScalingConfig": {"MaximumConcurrency": 5}})


def test_only_the_rule_may_send_and_nobody_without_tls(template: Template, queue: str, dead_letters: str) -> None:
    rule = logical_id(template, "AWS::Events::Rule", Name=NAME)
    for each in (queue, dead_letters):
        (policy,) = template.find_resources(
            "AWS::SQS::QueuePolicy", {"Properties": {"Queues": [{"Ref": each}]}}
        ).values()
        denied, *allowed = sorted(
            policy["Properties"]["PolicyDocument"]["Statement"], key=lambda statement: statement["Effect"] != "Deny"
        )
        assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        assert [statement["Principal"] for statement in allowed] == [{"Service": "events.amazonaws.com"}]
        assert allowed[0]["Condition"] == {"ArnEquals": {"aws:SourceArn": arn(rule)}}


def test_the_function_may_take_messages_from_its_queue_and_send_to_none(template: Template, queue: str) -> None:
    statements = [
        statement
        for policy in template.find_resources("AWS::IAM::Policy").values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
    ]
    assert [statement["Resource"] for statement in statements] == [arn(queue)]
    assert set(statements[0]["Action"]) == {
        f"sqs:{each}"
        for each in ("ReceiveMessage", "ChangeMessageVisibility", "GetQueueUrl", "DeleteMessage", "GetQueueAttributes")
    }


def test_people_and_tools_find_the_subscription_in_the_outputs(template: Template, queue: str) -> None:
    outputs = template.to_json()["Outputs"]
    assert set(outputs) == {"QueueUrl", "DeadLetterQueueUrl", "FunctionName", "RuleName"}
    assert outputs["QueueUrl"]["Value"] == {"Ref": queue}
    assert outputs["RuleName"]["Value"] == NAME
    assert all("Export" not in output for output in outputs.values())
