"""Functions that work on the lake. Each may do what is granted to it, zone by zone."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from aws_cdk import Size
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from shared.infrastructure.context_function import ContextFunction
from shared.infrastructure.deployment import Deployment
from shared.infrastructure.interface import as_interface
from shared.infrastructure.security_checks import accept_objects

# DuckDB spills to disk when memory is full. 10 million events of one day took 2.8 GB of memory and 3.5 GB of disk.
MEMORY_MB, DISK_MB, TIMEOUT_SECONDS = 3008, 4096, 900

# Files that only the large functions need, among them a megabyte of charts.
REPORT = ("report", "aggregates", "compaction.py", "database.py", "compact_lake.py", "write_report.py")


class LakeFunction(ContextFunction):
    """A function of analytics that gets the name of the lake's bucket."""

    def __init__(
        self, scope: Construct, id: str, *, deployment: Deployment, handler: str, lake: s3.Bucket, **kwargs: Any
    ) -> None:
        super().__init__(
            scope,
            id,
            deployment=deployment,
            context="analytics",
            handler=handler,
            environment={"LAKE_BUCKET": lake.bucket_name},
            **{"leave_out": REPORT, **kwargs},
        )
        self._lake = lake

    @classmethod
    def large(
        cls, scope: Construct, id: str, *, deployment: Deployment, handler: str, lake: s3.Bucket
    ) -> "LakeFunction":
        """Make a function that reads much of the lake, with DuckDB."""
        return cls(
            scope,
            id,
            deployment=deployment,
            handler=handler,
            lake=lake,
            requirements="requirements-report.txt",
            leave_out=(),
            timeout_seconds=TIMEOUT_SECONDS,
            memory_mb=MEMORY_MB,
            ephemeral_storage_size=Size.mebibytes(DISK_MB),
        )

    def may_add(self, zone: str, *, write_once: bool) -> None:
        """Allow putting objects that are not there yet.

        With `write_once` the role refuses every request without the condition If-None-Match, so that no raw object is
        ever overwritten.
        """
        self.may("s3:PutObject", zone, conditions={"Null": {"s3:if-none-match": "false"}} if write_once else {})

    def may(self, action: str, *in_zones: str, conditions: Mapping[str, object] = MappingProxyType({})) -> None:
        resources = [self._lake.arn_for_objects(f"{zone}*") for zone in in_zones]
        self.add_to_role_policy(
            iam.PolicyStatement(actions=[action], resources=resources, conditions=dict(conditions) or None)
        )
        for zone in in_zones:
            accept_objects(as_interface(self.role), self._lake, zone)

    def may_list(self) -> None:
        """Allow listing the bucket.

        Without it S3 answers 403 instead of 404 for an object that is not there.
        """
        self.add_to_role_policy(iam.PolicyStatement(actions=["s3:ListBucket"], resources=[self._lake.bucket_arn]))
