"""Add through the API what an engine's CloudFormation leaves out. Idempotent, so every deployment does it."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any

from takeaway.issuer import LocalIssuer, bucket_of
from takeaway.run.client import outputs
from takeaway.run.client.target import Target
from takeaway.run.deploy.assembly import Assembly

Resource = dict[str, Any]
ARCHIVE_DAYS = 90
PRODUCTION = "prod"  # the stage whose data stays when its stacks are destroyed


def make_good(target: Target, assembly: Assembly, tell: Callable[[str], None]) -> None:
    """Add what the engine left out of the assembly's stacks; `tell` hears each thing that was added."""
    resources = [each for context in assembly.contexts for each in assembly.template(context)["Resources"].values()]
    if not target.traits.archive_in_template and "bus" in assembly.contexts:
        _archive_the_bus(target)
        tell(f"archive of the bus {target.prefix}")
    if not target.traits.keeps_ttl:
        for table, attribute in declared_ttl(resources):
            _switch_on_ttl(target, table, attribute)
            tell(f"time to live of {table}")
    loses_stage = not target.traits.restages_api and "orders" in assembly.contexts
    if loses_stage and (stage := _stage_the_api(target)):
        tell(f"stage {stage} of the API")
    for sender in sorted(declared_senders(resources)):
        target.client("ses").verify_email_identity(EmailAddress=sender)
        tell(f"sender {sender}")


def take_back(target: Target, context: str) -> None:
    """Remove what was added for a stack that is destroyed, because CloudFormation does not know of it."""
    if context == "bus" and not target.traits.archive_in_template and target.stage != PRODUCTION:
        events = target.client("events")
        with suppress(events.exceptions.ResourceNotFoundException):
            events.delete_archive(ArchiveName=target.prefix)


def declared_ttl(resources: Iterable[Resource]) -> Iterator[tuple[str, str]]:
    """Yield each table with a time to live, and the attribute that has it."""
    for resource in resources:
        properties = resource.get("Properties", {})
        ttl = properties.get("TimeToLiveSpecification", {})
        if resource["Type"] == "AWS::DynamoDB::Table" and ttl.get("Enabled"):
            yield properties["TableName"], ttl["AttributeName"]


def declared_senders(resources: Iterable[Resource]) -> set[str]:
    """Return the addresses that functions send from. On AWS their owner verifies them; here this module does."""
    variables = (each.get("Properties", {}).get("Environment", {}).get("Variables", {}) for each in resources)
    return {each["SENDER"] for each in variables if "SENDER" in each}


def _archive_the_bus(target: Target) -> None:
    events = target.client("events")
    try:
        events.describe_archive(ArchiveName=target.prefix)
    except events.exceptions.ResourceNotFoundException:
        bus = events.describe_event_bus(Name=target.prefix)
        events.create_archive(
            ArchiveName=target.prefix,
            EventSourceArn=bus["Arn"],
            EventPattern=json.dumps({"source": [{"prefix": "takeaway."}]}),
            RetentionDays=ARCHIVE_DAYS,
        )


def _stage_the_api(target: Target) -> str | None:
    """Make the API's stage, and return its name; None if it exists."""
    stacks, gateway = outputs.read(target), target.client("apigateway")
    api, stage = stacks.output("orders", "ApiId"), stacks.output("orders", "ApiStage")
    if stage in [each["stageName"] for each in gateway.get_stages(restApiId=api)["item"]]:
        return None
    [*_, latest] = sorted(gateway.get_deployments(restApiId=api)["items"], key=lambda each: each["createdDate"])
    gateway.create_stage(restApiId=api, stageName=stage, deploymentId=latest["id"])
    return stage


def _switch_on_ttl(target: Target, table: str, attribute: str) -> None:
    dynamodb = target.client("dynamodb")
    now = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    if now.get("TimeToLiveStatus") not in ("ENABLED", "ENABLING"):
        dynamodb.update_time_to_live(
            TableName=table, TimeToLiveSpecification={"Enabled": True, "AttributeName": attribute}
        )


def publish(target: Target, issuer: LocalIssuer) -> None:
    s3, bucket = target.client("s3"), bucket_of(target.prefix)
    if bucket not in [each["Name"] for each in s3.list_buckets()["Buckets"]]:
        s3.create_bucket(Bucket=bucket)
    s3.delete_public_access_block(Bucket=bucket)  # a new bucket may block public access, as on AWS
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(_anyone_may_read(bucket)))
    for path, document in issuer.documents().items():
        s3.put_object(
            Bucket=bucket, Key=path, Body=json.dumps(document, indent=2).encode(), ContentType="application/json"
        )


def _anyone_may_read(bucket: str) -> dict[str, object]:
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{bucket}/*",
    }
    return {"Version": "2012-10-17", "Statement": [statement]}
