"""Everything that can fail, in every stack, has an alarm with a runbook, and a graph."""

import json
from collections.abc import Iterator
from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk.assertions import Match, Template

from shared.infrastructure.deployment import Deployment
from shared.infrastructure.monitoring import Monitoring
from shared.infrastructure.watched import Line, Signal
from tests.between.infrastructure.conftest import Resources
from tests.fakes.templates import ENVIRONMENT, bare_app

DEV, PROD = Deployment(dependencies="engine"), Deployment(dependencies="engine", stage="prod")
ALARM, DASHBOARD, FUNCTION = "AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard", "AWS::Lambda::Function"
QUEUE, RULE, WORKFLOW, API = (
    "AWS::SQS::Queue", "AWS::Events::Rule", "AWS::StepFunctions::StateMachine", "AWS::ApiGateway::RestApi",
)  # fmt: skip
OF_A_WORKFLOW = ("ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted", "ExecutionThrottled")
WITHOUT_ALARM = {"empty_lake"}  # the deletion of its stack calls it, and fails with it
QUIET = {"console"}  # contexts without a dashboard, because nobody would look at it


def kind(resources: Resources, *types: str) -> Resources:
    return {name: each["Properties"] for name, each in resources.items() if each["Type"] in types}


def unseen(resources: Resources) -> set[str]:
    """Return what can fail without an alarm, as pairs of a metric and a resource."""
    alarms = kind(resources, ALARM).values()
    seen = {
        (alarm["MetricName"], json.dumps(dimension["Value"])) for alarm in alarms for dimension in alarm["Dimensions"]
    }
    return {
        f"{metric} of {name}" for metric, name, value in can_fail(resources) if (metric, json.dumps(value)) not in seen
    }


def can_fail(resources: Resources) -> Iterator[tuple[str, str, Any]]:
    """Yield each metric of a fault, with its resource's logical id and CloudWatch dimension."""
    queues = kind(resources, QUEUE)
    dead = {
        queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
        for queue in queues.values()
        if "RedrivePolicy" in queue
    }
    for name, function in kind(resources, FUNCTION).items():
        if function["Handler"].split(".")[-2] not in WITHOUT_ALARM:
            yield "Errors", name, {"Ref": name}
    for name in queues:
        metric = "ApproximateNumberOfMessagesVisible" if name in dead else "ApproximateAgeOfOldestMessage"
        yield metric, name, {"Fn::GetAtt": [name, "QueueName"]}
    for name, rule in kind(resources, RULE).items():
        yield "InvocationsFailedToBeSentToDlq", name, rule["Name"]
    for name in kind(resources, WORKFLOW):
        yield from ((metric, name, {"Ref": name}) for metric in OF_A_WORKFLOW)
    for name, api in kind(resources, API).items():
        yield from ((metric, name, api["Name"]) for metric in ("5XXError", "Latency"))


def test_whatever_can_fail_has_an_alarm(stacks: dict[str, Resources]) -> None:
    assert {name: found for name, resources in stacks.items() if (found := unseen(resources))} == {}


def test_whatever_would_have_none_would_be_noticed(stacks: dict[str, Resources]) -> None:
    without = {name: each for name, each in stacks["orders"].items() if each["Type"] != ALARM}
    found = " ".join(unseen(without))
    for metric in ("Errors", *OF_A_WORKFLOW, "ApproximateAgeOfOldestMessage", "5XXError", "Latency"):
        assert f"{metric} of " in found


def throttled_unseen(resources: Resources) -> set[str]:
    """Return the functions that no workflow calls: their callers do not try again for hours."""
    steps = {
        value["Fn::GetAtt"][0]
        for machine in kind(resources, WORKFLOW).values()
        for value in machine["DefinitionSubstitutions"].values()
        if "Fn::GetAtt" in value
    }
    told = {
        dimension["Value"]["Ref"]
        for alarm in kind(resources, ALARM).values()
        if alarm["MetricName"] == "Throttles"
        for dimension in alarm["Dimensions"]
    }
    called = {
        name for name, each in kind(resources, FUNCTION).items() if each["Handler"].split(".")[-2] not in WITHOUT_ALARM
    }
    return called - steps - told


def test_a_function_that_no_workflow_calls_again_has_an_alarm_for_being_throttled(stacks: dict[str, Resources]) -> None:
    assert {name: found for name, resources in stacks.items() if (found := throttled_unseen(resources))} == {}


def test_alarms_are_on_plain_metrics_which_every_engine_has(stacks: dict[str, Resources]) -> None:
    alarms = [alarm for resources in stacks.values() for alarm in kind(resources, ALARM).values()]
    assert [alarm["AlarmName"] for alarm in alarms if "Metrics" in alarm] == []
    assert all(alarm["Dimensions"] for alarm in alarms)


def test_every_alarm_tells_the_topic_of_its_context_and_tells_it_when_all_is_well_again(
    stacks: dict[str, Resources],
) -> None:
    for resources in stacks.values():
        topics = {
            name for name, each in kind(resources, "AWS::SNS::Topic").items() if each["TopicName"].endswith("-alarms")
        }
        told = [
            action["Ref"]
            for alarm in kind(resources, ALARM).values()
            for action in (*alarm["AlarmActions"], *alarm["OKActions"])
        ]
        assert len(told) == 2 * len(kind(resources, ALARM))
        assert set(told) == topics


def test_only_where_silence_is_the_failure_is_silence_an_alarm(stacks: dict[str, Resources]) -> None:
    alarms = [alarm for resources in stacks.values() for alarm in kind(resources, ALARM).values()]
    by_silence: dict[str, list[str]] = {"notBreaching": [], "breaching": [], "ignore": []}
    for alarm in alarms:
        by_silence[alarm["TreatMissingData"]].append(alarm["AlarmName"])
    # without new data the last rate of bounces still holds
    assert {name.rpartition("-")[2] for name in by_silence["ignore"]} == {"bounces", "complaints"}
    assert {*by_silence["breaching"]} == {
        "takeaway-dev-analytics-compaction-missing",
        "takeaway-dev-orders-reconciliation-missing",
    }


def test_a_dashboard_shows_the_state_of_every_alarm_and_draws_its_metric(stacks: dict[str, Resources]) -> None:
    for name, resources in stacks.items():
        dashboards = kind(resources, DASHBOARD)
        alarms = kind(resources, ALARM)
        assert len(dashboards) == (1 if alarms and name not in QUIET else 0), name
        for dashboard in dashboards.values():
            text = json.dumps(dashboard["DashboardBody"])
            for logical, alarm in alarms.items():
                assert f'["{logical}", "Arn"]' in text, alarm["AlarmName"]
                assert f'\\"{alarm["Namespace"]}\\",\\"{alarm["MetricName"]}\\"' in text, alarm["AlarmName"]


class Kitchen(Stack):
    """The smallest stack that is watched."""

    def __init__(self, deployment: Deployment, *more: Line) -> None:
        super().__init__(bare_app(), "kitchen", env=ENVIRONMENT)
        burnt = Signal(
            name="burnt-food",
            tells="something is burnt",
            graph="Food",
            label="burnt",
            metric=cloudwatch.Metric(namespace="Kitchen", metric_name="Burnt"),
            threshold=3,
        )
        Monitoring(self, "Monitoring", deployment=deployment, context="kitchen", watched=[burnt, *more])


def body_of(template: Template) -> dict[str, Any]:
    (dashboard,) = template.find_resources(DASHBOARD).values()
    joined = dashboard["Properties"]["DashboardBody"]["Fn::Join"][1]
    body: dict[str, Any] = json.loads("".join(part if isinstance(part, str) else "token" for part in joined))
    return body


def test_an_alarm_says_what_has_happened_and_where_to_read_on_wherever_runbooks_are() -> None:
    for runbooks in ("docs/runbooks", "https://example.com/runbooks"):
        template = Template.from_stack(Kitchen(Deployment(runbooks=runbooks)))
        template.has_resource_properties(
            ALARM,
            {
                "AlarmName": "takeaway-dev-kitchen-burnt-food",
                "AlarmDescription": f"something is burnt. Runbook: {runbooks}/kitchen.md#burnt-food",
                "Threshold": 3,
                "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            },
        )


def test_lines_of_one_graph_are_drawn_together_with_the_threshold_of_an_alarm() -> None:
    served = Line(graph="Food", label="served", metric=cloudwatch.Metric(namespace="Kitchen", metric_name="Served"))
    status, graph = body_of(Template.from_stack(Kitchen(DEV, served)))["widgets"]
    assert (status["type"], graph["properties"]["title"]) == ("alarm", "Food")
    assert [(metric[1], metric[-1]["label"]) for metric in graph["properties"]["metrics"]] == [
        ("Burnt", "burnt"), ("Served", "served"),
    ]  # fmt: skip
    assert [mark["value"] for mark in graph["properties"]["annotations"]["horizontal"]] == [3]


def test_alarms_of_the_account_and_nobody_else_may_publish_to_their_topic() -> None:
    template = Template.from_stack(Kitchen(DEV))
    (policy,) = template.find_resources("AWS::SNS::TopicPolicy").values()
    (allowed,) = [each for each in policy["Properties"]["PolicyDocument"]["Statement"] if each["Effect"] == "Allow"]
    assert (allowed["Principal"], allowed["Action"]) == ({"Service": "cloudwatch.amazonaws.com"}, "sns:Publish")
    assert allowed["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}


def test_in_production_alarms_are_encrypted_with_a_key_that_cloudwatch_may_use() -> None:
    template = Template.from_stack(Kitchen(PROD))
    (key,) = template.find_resources("AWS::KMS::Key").values()
    assert key["Properties"]["EnableKeyRotation"] is True
    allowed = [each for each in key["Properties"]["KeyPolicy"]["Statement"] if "Service" in each["Principal"]]
    assert [(each["Principal"]["Service"], set(each["Action"])) for each in allowed] == [
        ("cloudwatch.amazonaws.com", {"kms:Decrypt", "kms:GenerateDataKey*"})
    ]
    template.has_resource_properties("AWS::SNS::Topic", {"KmsMasterKeyId": Match.any_value()})
    Template.from_stack(Kitchen(DEV)).resource_count_is("AWS::KMS::Key", 0)


def test_alarms_are_sent_by_mail_to_whom_the_deployment_names() -> None:
    Template.from_stack(Kitchen(DEV)).resource_count_is("AWS::SNS::Subscription", 0)
    Template.from_stack(Kitchen(Deployment(alarm_email="cooks@example.com"))).has_resource_properties(
        "AWS::SNS::Subscription", {"Protocol": "email", "Endpoint": "cooks@example.com"}
    )
