"""What of a stage is still on an engine, service by service, whichever stack it was of."""

from collections.abc import Iterator

from takeaway.client.target import Target


def left_of(target: Target) -> set[str]:
    """Names and ARNs in which the stage's prefix occurs."""
    prefixes = (target.prefix, target.prefix.replace("-", "_"))
    return {name for name in _names(target) if any(prefix in name for prefix in prefixes)}


def _names(target: Target) -> Iterator[str]:
    for service, operation, collection, name in (
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
    ):
        if service == "glue" and not target.traits.glue:
            continue
        client = target.client(service)
        if client.can_paginate(operation):
            pages = client.get_paginator(operation).paginate()
        else:
            pages = [getattr(client, operation)()]
        for page in pages:
            for found in page.get(collection, ()):
                yield found if name is None else found[name]
