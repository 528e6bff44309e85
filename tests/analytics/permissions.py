"""Scenarios that use every permission of the functions of analytics, one per function."""

import hashlib
import json
import tempfile
from pathlib import Path
from uuid import uuid4

from contexts.analytics import zones
from contexts.analytics.compaction import compact
from contexts.analytics.folder_lake import FolderLake
from contexts.analytics.ingest import Message, ingest
from shared import schema_tools
from takeaway.run.client.system import System
from tests.system.iam.calls import Call, sqs_batch

FINISHED, UNFINISHED = "2026-02-03T12:00:00Z", "2026-02-04T12:00:00Z"


def event(at: str | None = None) -> str:
    example = schema_tools.example("order_placed")
    example["detail"]["metadata"]["event_id"] = example["detail"]["data"]["order_id"] = str(uuid4())
    if at is not None:
        example["detail"]["metadata"]["occurred_at"] = at
    return json.dumps(example)


class Objects:
    """The lake, written to by the test itself, whose credentials may do everything."""

    def __init__(self, system: System) -> None:
        self.s3, self.bucket = system.target.client("s3"), system.lake.bucket

    def put(self, name: str, content: bytes) -> None:
        self.s3.put_object(Bucket=self.bucket, Key=name, Body=content)

    add = put

    def names(self, zone: str) -> list[str]:
        found = self.s3.list_objects_v2(Bucket=self.bucket, Prefix=zone)
        return [each["Key"] for each in found.get("Contents", ())]


def ingest_events(_system: System, call: Call) -> None:
    assert call(sqs_batch(event(), f"poison {uuid4()}")) == {"batchItemFailures": []}


def compact_lake(system: System, call: Call) -> None:
    """Compact twice: the second event joins those that are in the curated zone already."""
    lake = Objects(system)
    for _ in range(2):
        ingest([Message("1", event())], lake)
        markers = lake.names(zones.NEW)
        assert call({})["events_added"] >= 1
        assert not {*markers} & {*lake.names(zones.NEW)}


def write_report(system: System, call: Call) -> None:
    """Report on a finished day and an unfinished one, so that the function reads which orders they share."""
    lake = Objects(system)
    with tempfile.TemporaryDirectory() as folder:
        finished = FolderLake(Path(folder))
        ingest([Message("1", event(FINISHED))], finished)
        compact(finished)
        for zone in (zones.CURATED, zones.ORDERS, zones.AGGREGATES):
            for name in finished.names(zone):
                lake.put(name, (Path(folder) / name).read_bytes())
    ingest([Message("1", event(UNFINISHED))], lake)
    assert call({})["events"] >= 1


def release_quarantine(system: System, call: Call) -> None:
    """Release two messages: one can be read by now, one can't and stays with its new reason."""
    lake, poison, old = Objects(system), f"poison {uuid4()}", "the reason of yesterday"
    name = f"{zones.QUARANTINE}{hashlib.sha256(poison.encode()).hexdigest()[:32]}.json"
    for place, body in ((f"{zones.QUARANTINE}{uuid4()}.json", event()), (name, poison)):
        lake.put(place, json.dumps({"reason": old, "message_id": "1", "body": body}).encode())
    done = call({})
    assert done["released"] >= 1
    assert done["kept"] >= 1
    assert json.load(lake.s3.get_object(Bucket=lake.bucket, Key=name)["Body"])["reason"] != old


def empty_lake(system: System, call: Call) -> None:
    """Call the function as CloudFormation does; its answer goes to a URL that was signed for it."""
    lake, answer = Objects(system), f"{system.target.prefix}-issuer"
    lake.put("reports/anything", b"")
    signed = {"Bucket": answer, "Key": str(uuid4())}
    ids = dict.fromkeys(("StackId", "RequestId", "LogicalResourceId", "PhysicalResourceId", "ResourceType"), "1")
    url = lake.s3.generate_presigned_url("put_object", Params=signed)
    call({"RequestType": "Delete", "ResponseURL": url, "ResourceProperties": {}, "ServiceToken": "", **ids})
    said = json.load(lake.s3.get_object(**signed)["Body"])
    assert (said["Status"], said["Reason"]) == ("SUCCESS", "")
    assert lake.names("") == []


# One after the other: functions of one lake must not meet in it.
LANES = [
    {
        "analytics-ingest-events": ingest_events,
        "analytics-compact-lake": compact_lake,
        "analytics-write-report": write_report,
        "analytics-release-quarantine": release_quarantine,
        "analytics-empty-lake": empty_lake,
    }
]
