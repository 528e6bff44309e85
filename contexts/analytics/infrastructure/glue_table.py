"""The curated zone and the aggregates as tables for Athena.

Their partitions are projected, so nobody has to register each day.
"""

from aws_cdk import Aws
from aws_cdk import aws_glue as glue
from aws_cdk import aws_s3 as s3
from constructs import Construct

from contexts.analytics import columns, zones
from shared.infrastructure.deployment import Deployment

FIRST_DAY = "2026-01-01"  # no event is older
Described = tuple[tuple[str, str, str, str], ...]  # columns.py
PARQUET = "org.apache.hadoop.hive.ql.io.parquet"


def catalogue(scope: Construct, *, deployment: Deployment, lake: s3.Bucket) -> None:
    """Make the database `takeaway_<stage>_analytics` with the tables `events` and `aggregates`."""
    name = f"{deployment.prefix}-analytics".replace("-", "_")
    database = glue.CfnDatabase(
        scope,
        "Database",
        catalog_id=Aws.ACCOUNT_ID,
        database_input=glue.CfnDatabase.DatabaseInputProperty(name=name, description="What happened to orders"),
    )
    for table, zone, described, says in (
        ("events", zones.CURATED, columns.CURATED, "Every event of an order, once"),
        (
            "aggregates",
            zones.AGGREGATES,
            columns.AGGREGATES,
            "What a report adds up, day by day",
        ),
    ):
        made = glue.CfnTable(
            scope,
            table.title(),
            catalog_id=Aws.ACCOUNT_ID,
            database_name=name,
            table_input=_table(table, f"s3://{lake.bucket_name}/{zone}", described, says),
        )
        made.add_resource_dependency(database)


def _table(name: str, location: str, described: Described, says: str) -> glue.CfnTable.TableInputProperty:
    return glue.CfnTable.TableInputProperty(
        name=name,
        description=says,
        table_type="EXTERNAL_TABLE",
        partition_keys=[_column("date", "string", "The day on which it happened, in UTC: always ask for some")],
        parameters={
            "classification": "parquet",
            "projection.enabled": "true",
            "projection.date.type": "date",
            "projection.date.format": "yyyy-MM-dd",
            "projection.date.range": f"{FIRST_DAY},NOW+1DAYS",
            "projection.date.interval": "1",
            "projection.date.interval.unit": "DAYS",
            "storage.location.template": f"{location}{zones.DATE}${{date}}/",
        },
        storage_descriptor=glue.CfnTable.StorageDescriptorProperty(
            location=location,
            columns=[_column(column, kind, says) for column, _, kind, says in described],
            input_format=f"{PARQUET}.MapredParquetInputFormat",
            output_format=f"{PARQUET}.MapredParquetOutputFormat",
            serde_info=glue.CfnTable.SerdeInfoProperty(serialization_library=f"{PARQUET}.serde.ParquetHiveSerDe"),
        ),
    )


def _column(name: str, kind: str, says: str) -> glue.CfnTable.ColumnProperty:
    return glue.CfnTable.ColumnProperty(name=name, type=kind, comment=says)
