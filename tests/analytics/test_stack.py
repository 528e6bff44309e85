"""The stack of analytics: its subscription, storage and permissions; and that it depends on no other stack."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from aws_cdk.assertions import Match, Template

from contexts.analytics import aggregates, columns, zones
from contexts.analytics.consumed_events import SOURCE
from contexts.analytics.infrastructure.functions import REPORT
from contexts.analytics.infrastructure.stack import AnalyticsStack
from shared import schema_tools
from shared.infrastructure.bundle_contents import RuntimeFiles, build
from shared.infrastructure.deployment import Deployment
from tests.fakes.templates import ENVIRONMENT, bare_app, rule_matches

# With the bundle and the installed libraries only: the repository itself is taken off the path.
IMPORTS = """
import importlib, sys
sys.meta_path = [each for each in sys.meta_path if "editable" not in str(each).lower()]
sys.path[:] = [{bundle!r}] + [each for each in sys.path if "lib/python" in each]
for module in {modules!r}:
    assert importlib.import_module(module).__file__.startswith({bundle!r})
"""


def template_of(deployment: Deployment) -> Template:
    return Template.from_stack(AnalyticsStack(bare_app(), "analytics", deployment=deployment, env=ENVIRONMENT))


@pytest.fixture(scope="module")
def template() -> Template:
    return template_of(Deployment(dependencies="engine"))


def test_analytics_hears_every_event_of_orders_also_of_types_to_come_and_nothing_of_others(template: Template) -> None:
    assert [
        each for each in schema_tools.events(SOURCE) if not rule_matches(template, schema_tools.example(*each))
    ] == []
    event = schema_tools.example("order_placed")
    assert rule_matches(template, event | {"detail-type": "order_eaten"})
    assert not rule_matches(template, event | {"source": "aws.states"})
    template.has_resource_properties("AWS::Events::Rule", {"EventBusName": "takeaway-dev"})


def test_poison_goes_to_the_dead_letters_after_three_tries(template: Template) -> None:
    template.has_resource_properties("AWS::SQS::Queue", {"RedrivePolicy": Match.object_like({"maxReceiveCount": 5})})


def test_events_are_gathered_into_large_batches(template: Template) -> None:
    template.has_resource_properties(
        "AWS::Lambda::EventSourceMapping",
        {
            "BatchSize": 500,
            "MaximumBatchingWindowInSeconds": 30,
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


def test_a_lake_goes_with_its_stack_and_is_emptied_when_nobody_writes_to_it_any_more(template: Template) -> None:
    (emptying,) = template.find_resources("Custom::EmptiedWithItsStack")
    functions = template.find_resources("AWS::Lambda::Function")
    # A resource that depends on it is made after it, so it is deleted before it.
    before = {name for name, function in functions.items() if emptying in function.get("DependsOn", ())}
    assert {name for name in functions if not name.startswith("EmptyLake")} == before
    template.has_resource("AWS::S3::Bucket", {"DeletionPolicy": "Delete"})


def test_nothing_empties_the_lake_of_production() -> None:
    production = template_of(Deployment(dependencies="engine", stage="prod"))
    production.has_resource("AWS::S3::Bucket", {"DeletionPolicy": "RetainExceptOnCreate"})
    assert "empty" not in json.dumps(production.to_json()).lower()


# function -> its permissions on the lake, zone by zone; "" is the bucket itself
MAY = {
    "IngestEvents": {("s3:PutObject", "raw/"), ("s3:PutObject", "new/"), ("s3:PutObject", "quarantine/")},
    "CompactLake": {
        ("s3:ListBucket", ""), ("s3:GetObject", "raw/"), ("s3:GetObject", "curated/"), ("s3:PutObject", "curated/"),
        ("s3:GetObject", "aggregates/"), ("s3:PutObject", "aggregates/"), ("s3:GetObject", "orders/"),
        ("s3:PutObject", "orders/"), ("s3:DeleteObject", "new/"),
    },
    "WriteReport": {
        ("s3:ListBucket", ""), ("s3:GetObject", "raw/"), ("s3:GetObject", "curated/"), ("s3:PutObject", "reports/"),
        ("s3:GetObject", "aggregates/"), ("s3:GetObject", "orders/"),
    },
    "EmptyLake": {("s3:ListBucket", ""), ("s3:DeleteObject", "*")},
    "ReleaseQuarantine": {
        ("s3:ListBucket", ""), ("s3:GetObject", "quarantine/"), ("s3:DeleteObject", "quarantine/"),
        ("s3:PutObject", "raw/"), ("s3:PutObject", "new/"), ("s3:PutObject", "quarantine/"),
    },
}  # fmt: skip


@pytest.mark.parametrize("function", MAY)
def test_a_function_may_do_with_the_lake_what_it_needs_and_no_more(template: Template, function: str) -> None:
    (bucket,) = template.find_resources("AWS::S3::Bucket")
    found = set()
    for policy in template.find_resources("AWS::IAM::Policy").values():
        properties = policy["Properties"]
        if [role["Ref"].startswith(f"{function}Role") for role in properties["Roles"]] != [True]:
            continue
        for statement in properties["PolicyDocument"]["Statement"]:
            resources = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
            actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
            for action in (each for each in actions if each.startswith("s3:")):
                found |= {(action, _zone(resource, bucket)) for resource in resources}
    assert found == MAY[function]


def _zone(resource: dict[str, Any], bucket: str) -> str:
    arn = {"Fn::GetAtt": [bucket, "Arn"]}
    if resource == arn:
        return ""
    (first, rest) = resource["Fn::Join"][1]
    assert first == arn
    return str(rest).removeprefix("/").removesuffix("*") or "*"


def test_compaction_and_report_are_scheduled_with_a_function_that_has_room_for_them(template: Template) -> None:
    for name, expression in (("compact-lake", "rate(1 hour)"), ("write-report", "cron(30 3 * * ? *)")):
        target = {"Arn": {"Fn::GetAtt": [Match.any_value(), "Arn"]}}
        template.has_resource_properties(
            "AWS::Scheduler::Schedule",
            {
                "Name": f"takeaway-dev-analytics-{name}",
                "ScheduleExpression": expression,
                "State": "ENABLED",
                "Target": Match.object_like(target),
            },
        )
        template.has_resource_properties(
            "AWS::Lambda::Function",
            {
                "FunctionName": f"takeaway-dev-analytics-{name}",
                "MemorySize": 3008,
                "Timeout": 900,
                "EphemeralStorage": {"Size": 4096},
            },
        )


def test_only_quarantine_is_ever_forgotten(template: Template) -> None:
    (bucket,) = template.find_resources("AWS::S3::Bucket").values()
    (rule,) = bucket["Properties"]["LifecycleConfiguration"]["Rules"]
    assert (rule["Prefix"], rule["ExpirationInDays"]) == ("quarantine/", 90)


@pytest.mark.parametrize(
    ("name", "empty", "object_of"),
    [("events", columns.EMPTY, zones.curated_object), ("aggregates", aggregates.EMPTY, zones.aggregates_object)],
)
def test_athena_finds_the_columns_that_compaction_writes_day_by_day(
    template: Template, tmp_path: Path, name: str, empty: str, object_of: Callable[[str], str]
) -> None:
    tables = {
        each["Properties"]["TableInput"]["Name"]: each for each in template.find_resources("AWS::Glue::Table").values()
    }
    assert set(tables) == {"events", "aggregates"}
    table_input = tables[name]["Properties"]["TableInput"]
    file = tmp_path / "file.parquet"
    duckdb.sql(f"COPY ({empty}) TO '{file}' (FORMAT parquet)")
    written = {name: kind for name, kind, *_ in duckdb.sql(f"DESCRIBE FROM '{file}'").fetchall()}
    types = {"VARCHAR": "string", "BIGINT": "bigint", "TIMESTAMP": "timestamp", "BOOLEAN": "boolean"}
    types |= {"DECIMAL(38,0)": "decimal(38,0)"}
    declared = {column["Name"]: column["Type"] for column in table_input["StorageDescriptor"]["Columns"]}
    assert declared == {name: types[kind] for name, kind in written.items()}
    assert [column["Name"] for column in table_input["PartitionKeys"]] == ["date"]
    *_, place = table_input["Parameters"]["storage.location.template"]["Fn::Join"][1]
    assert place.replace("${date}", "2026-11-23") + Path(object_of("2026-11-23")).name == "/" + object_of("2026-11-23")


def conditions_on_raw(template: Template) -> list[Any]:
    """Return the condition of every statement that allows putting objects into the raw zone."""
    return [
        statement.get("Condition")
        for policy in template.find_resources("AWS::IAM::Policy").values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if "s3:PutObject" in statement["Action"] and "/raw/*" in json.dumps(statement["Resource"])
    ]


def test_no_function_may_overwrite_an_object_of_the_raw_zone(template: Template) -> None:
    assert conditions_on_raw(template) == [{"Null": {"s3:if-none-match": "false"}}] * 2
    unknowing = AnalyticsStack(bare_app(), "analytics", deployment=Deployment(dependencies="engine"), write_once=False)
    assert conditions_on_raw(Template.from_stack(unknowing)) == [None] * 2


def test_an_engine_without_glue_gets_a_template_without_it() -> None:
    app = bare_app()
    without = AnalyticsStack(app, "analytics", deployment=Deployment(dependencies="engine"), athena=False)
    assert "AWS::Glue" not in json.dumps(Template.from_stack(without).to_json())


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
    assert set(outputs) == {
        "LakeBucket", "QueueUrl", "DeadLetterQueueUrl", "FunctionName", "RuleName",
        "CompactFunctionName", "ReportFunctionName", "ReleaseFunctionName",
    }  # fmt: skip
    assert "Fn::ImportValue" not in json.dumps(template.to_json())
    assert all("Export" not in output for output in outputs.values())


def unpack(contents: RuntimeFiles, folder: Path) -> None:
    bundle = folder.with_name(f"{contents.hash()}.zip")
    build(contents, bundle)
    zipfile.ZipFile(bundle).extractall(folder)


def test_only_functions_that_draw_carry_the_charts_and_each_carries_what_it_imports(tmp_path: Path) -> None:
    small, large = tmp_path / "small", tmp_path / "large"
    unpack(RuntimeFiles("contexts.analytics", REPORT), small)
    unpack(RuntimeFiles("contexts.analytics"), large)
    assert sum(file.stat().st_size for file in small.rglob("*")) < 100_000
    assert (large / "contexts/analytics/report/page/echarts.min.js").exists()
    assert not list(large.rglob("generator"))
    for bundle, handlers in (
        (small, ("ingest_events", "release_quarantine")),
        (large, ("compact_lake", "write_report")),
    ):
        modules = [f"contexts.analytics.handlers.{handler}" for handler in handlers]
        code = IMPORTS.format(bundle=str(bundle), modules=modules)
        subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
