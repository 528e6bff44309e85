"""Stages beside each other in one account do not collide, and leave nothing behind; true of every stack of the app."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from takeaway.run.deploy.assembly import Assembly
from tests.between.infrastructure.conftest import Synthesize

# Types with data that would be missed: production keeps them when their stack is deleted, other stages delete them.
HOLDS_DATA = {
    "AWS::DynamoDB::Table",
    "AWS::Events::Archive",
    "AWS::Events::EventBus",
    "AWS::Logs::LogGroup",
    "AWS::S3::Bucket",
}
# Types whose data is also in the bus's archive or on the order's item. A queue that stayed would block its stack from
# being deployed again, since names are unique; a state machine could not even be imported into the next stack.
PASSES_DATA_ON = {"AWS::SNS::Topic", "AWS::SQS::Queue", "AWS::StepFunctions::StateMachine"}
HOLDS_NOTHING = {
    "AWS::ApiGateway::Deployment",
    "AWS::ApiGateway::GatewayResponse",
    "AWS::ApiGateway::Method",
    "AWS::ApiGateway::Resource",
    "AWS::ApiGateway::RestApi",
    "AWS::ApiGateway::Stage",
    "AWS::CloudWatch::Alarm",
    "AWS::CloudWatch::Dashboard",
    "AWS::EventSchemas::Registry",
    "AWS::EventSchemas::Schema",
    "AWS::Events::Rule",
    "AWS::Glue::Database",
    "AWS::Glue::Table",
    "AWS::IAM::Policy",
    "AWS::IAM::Role",
    "AWS::KMS::Key",
    "AWS::Lambda::EventSourceMapping",
    "AWS::Lambda::Function",
    "AWS::Lambda::LayerVersion",
    "AWS::Lambda::Permission",
    "AWS::S3::BucketPolicy",
    "AWS::SES::ConfigurationSet",
    "AWS::SES::ConfigurationSetEventDestination",
    "AWS::SNS::Subscription",
    "AWS::SNS::TopicPolicy",
    "AWS::SQS::QueuePolicy",
    "AWS::Scheduler::Schedule",
    "Custom::EmptiedWithItsStack",
}
# Properties with names that are unique only inside of another resource.
INNER_NAMES = {"MetricName", "PolicyName", "SchemaName", "StageName"}


@pytest.fixture(params=["dev", "prod"])
def assembly(request: pytest.FixtureRequest, synthesized: Synthesize) -> Assembly:
    return synthesized(request.param)


def resources(assembly: Assembly) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each resource of each stack, and where it is."""
    for context in assembly.contexts:
        for name, resource in assembly.template(context)["Resources"].items():
            yield f"{context}: {resource['Type']} {name}", resource


def names(properties: dict[str, Any]) -> Iterator[str]:
    """Yield the names of a resource in its account."""
    for key, value in properties.items():
        if isinstance(value, str) and key.endswith("Name") and key not in INNER_NAMES:
            yield value
        elif key == "DatabaseInput":
            yield value["Name"]


def test_it_is_known_of_every_type_of_resource_whether_it_holds_data(assembly: Assembly) -> None:
    known = HOLDS_DATA | PASSES_DATA_ON | HOLDS_NOTHING
    unknown = {where for where, resource in resources(assembly) if resource["Type"] not in known}
    assert not unknown, f"say in this file whether these hold data: {unknown}"


def unsafe(where: str, resource: dict[str, Any], *, kept: bool) -> list[str]:
    policies = [resource.get("DeletionPolicy"), resource.get("UpdateReplacePolicy")]
    # the rest of a failed first deployment would block the second
    wanted = ["RetainExceptOnCreate", "Retain"] if kept else ["Delete", "Delete"]
    is_safe = resource["Type"] not in HOLDS_DATA or policies == wanted
    return [] if is_safe else [f"{where}: {policies}, not {wanted} (apply deployment.removal_policy)"]


def test_production_keeps_its_data_and_any_other_stage_leaves_nothing_behind(assembly: Assembly) -> None:
    kept = assembly.prefix == "takeaway-prod"
    found = [problem for where, each in resources(assembly) for problem in unsafe(where, each, kept=kept)]
    assert found == []


def test_a_table_without_a_removal_policy_would_be_noticed_in_every_stage() -> None:
    table = {"Type": "AWS::DynamoDB::Table"}
    assert unsafe("x", table, kept=True)
    assert unsafe("x", table, kept=False)
    assert unsafe("x", table | {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Delete"}, kept=True)


def test_tables_of_production_can_be_restored_and_are_not_deleted_by_mistake(synthesized: Synthesize) -> None:
    tables = {where: r for where, r in resources(synthesized("prod")) if r["Type"] == "AWS::DynamoDB::Table"}
    assert tables
    for where, table in tables.items():
        if table["Properties"]["TableName"].endswith(("journal", "allowances")):
            continue  # the journal can be replayed from the archive; allowances hold only minutes
        assert table["Properties"]["DeletionProtectionEnabled"] is True, where
        assert table["Properties"]["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True, where


def test_a_stack_of_production_is_not_deleted_before_its_protection_is_taken_away(assembly: Assembly) -> None:
    artifacts = json.loads((assembly.folder / "manifest.json").read_text())["artifacts"]
    protected = {
        artifacts[assembly.stack(each)]["properties"].get("terminationProtection") for each in assembly.contexts
    }
    assert protected == ({True} if assembly.prefix == "takeaway-prod" else {False})


def test_every_name_is_of_its_stage(assembly: Assembly) -> None:
    prefixes = (
        assembly.prefix,
        assembly.prefix.replace("-", "_"),
        f"/aws/lambda/{assembly.prefix}",
        f"/aws/apigateway/{assembly.prefix}",
    )
    found = {where: name for where, each in resources(assembly) for name in names(each.get("Properties", {}))}
    assert len(found) > 40
    assert {where: name for where, name in found.items() if not name.startswith(prefixes)} == {}


def test_two_stages_have_no_name_in_common(synthesized: Synthesize) -> None:
    one, other = (
        {name for _, each in resources(synthesized(stage)) for name in names(each.get("Properties", {}))}
        for stage in ("dev", "prod")
    )
    assert one & other == set()


def test_no_alarm_hears_of_another_stage(assembly: Assembly) -> None:
    alarms = {where: each for where, each in resources(assembly) if each["Type"] == "AWS::CloudWatch::Alarm"}
    stage = assembly.prefix.removeprefix("takeaway-")
    for where, alarm in alarms.items():
        namespace = alarm["Properties"]["Namespace"]
        if not namespace.startswith("AWS/"):
            assert namespace == f"Takeaway/{stage}", where
    functions = [each for _, each in resources(assembly) if each["Type"] == "AWS::Lambda::Function"]
    spoken = {each["Properties"]["Environment"]["Variables"]["POWERTOOLS_METRICS_NAMESPACE"] for each in functions}
    assert spoken == {f"Takeaway/{stage}"}
