"""The resources of a stage that an engine still has, service by service, whichever stack they belonged to."""

from collections.abc import Iterator

from takeaway.run.client.target import Target
from takeaway.run.engine.kinds import EngineKind

# service, operation, the answer's field with the list, and the field with a name
KINDS = (
    ("apigateway", "get_rest_apis", "items", "name"),
    ("cloudformation", "describe_stacks", "Stacks", "StackName"),
    ("cloudwatch", "describe_alarms", "MetricAlarms", "AlarmName"),
    ("cloudwatch", "list_dashboards", "DashboardEntries", "DashboardName"),
    ("dynamodb", "list_tables", "TableNames", None),
    ("events", "list_archives", "Archives", "ArchiveName"),
    ("events", "list_event_buses", "EventBuses", "Name"),
    ("events", "list_rules", "Rules", "Name"),
    ("glue", "get_databases", "DatabaseList", "Name"),
    ("iam", "list_roles", "Roles", "RoleName"),
    ("lambda", "list_functions", "Functions", "FunctionName"),
    ("lambda", "list_layers", "Layers", "LayerName"),
    ("logs", "describe_log_groups", "logGroups", "logGroupName"),
    ("s3", "list_buckets", "Buckets", "Name"),
    ("scheduler", "list_schedules", "Schedules", "Name"),
    ("sns", "list_topics", "Topics", "TopicArn"),
    ("sqs", "list_queues", "QueueUrls", None),
    ("stepfunctions", "list_state_machines", "stateMachines", "name"),
)
# Glue is missing because the engine has none; layers, because listing them fails once one has no version left.
NOT_ON_LOCALSTACK = ("get_databases", "list_layers")


def left_of(target: Target) -> set[str]:
    """Return the names and ARNs that contain the stage's prefix."""
    prefixes = (target.prefix, target.prefix.replace("-", "_"))
    return {name for name in _names(target) if any(prefix in name for prefix in prefixes)}


def _names(target: Target) -> Iterator[str]:
    for service, operation, collection, name in KINDS:
        if operation in NOT_ON_LOCALSTACK and target.traits.kind is EngineKind.LOCALSTACK:
            continue
        client = target.client(service)
        can_paginate = client.can_paginate(operation)
        pages = client.get_paginator(operation).paginate() if can_paginate else [getattr(client, operation)()]
        # some engines still list deleted stacks
        found = (each for page in pages for each in page.get(collection, ()) if "DELETE_COMPLETE" not in str(each))
        yield from (each if name is None else each[name] for each in found)
