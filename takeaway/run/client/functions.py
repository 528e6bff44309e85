"""Invoke a function by its name, and read its log: all lines, or the errors about given messages."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from takeaway.errors import TakeawayError
from takeaway.run.client.target import Target

LOG_GROUPS = "/aws/lambda/"
TROUBLE = ("WARNING", "ERROR", "CRITICAL")
MOST_PAGES = 20  # of a log, at most, because a log grows with all that the function does
IDS_AT_ONCE = 15  # as many as fit into a filter pattern, which may have 1024 characters


def lines(
    target: Target,
    function: str,
    pattern: str,
    *,
    since: datetime,
    most_pages: int | None = None,
    cut: Callable[[], None] = lambda: None,
) -> Iterator[dict[str, Any]]:
    """Yield the log events that match a CloudWatch filter pattern, from `since` on.

    A function that does not exist, or never ran, has none. After `most_pages` pages it stops and calls `cut`, so that
    the caller can say that there is more.
    """
    try:
        pages = (
            target.client("logs")
            .get_paginator("filter_log_events")
            .paginate(
                logGroupName=log_group(target, function),
                startTime=int(since.timestamp() * 1000),
                filterPattern=pattern,
            )
        )
        for number, page in enumerate(pages):
            if number == most_pages:
                return cut()
            yield from page["events"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise


def log_group(target: Target, function: str) -> str:
    """Name the function's log group: the one in its configuration, else Lambda's default."""
    settings = target.client("lambda").get_function_configuration(FunctionName=function)
    return settings.get("LoggingConfig", {}).get("LogGroup") or f"{LOG_GROUPS}{function}"


def log_groups(target: Target) -> list[dict[str, Any]]:
    """Describe the log groups of all functions of the target's stage, as CloudWatch Logs does."""
    pages = target.client("logs").get_paginator("describe_log_groups")
    found = pages.paginate(logGroupNamePrefix=f"{LOG_GROUPS}{target.prefix}-")
    return [dict(group) for page in found for group in page["logGroups"]]


def functions_with_logs(target: Target) -> list[str]:
    """Name the functions of the target's stage that have a log group."""
    return [group["logGroupName"].removeprefix(LOG_GROUPS) for group in log_groups(target)]


def last_errors(target: Target, function: str, messages: Mapping[str, datetime]) -> Mapping[str, str]:
    """Map message ids to the last error that the function logged about the message; one without is left out.

    `messages` has for each id the time when it was sent, oldest first: no line about it can be older.
    """
    found: dict[str, tuple[int, str]] = {}
    for start in range(0, len(messages), IDS_AT_ONCE):
        asked = [*messages][start : start + IDS_AT_ONCE]
        named = " || ".join(f'($.message_id = "{id_}")' for id_ in asked)
        for event in lines(target, function, f"{{ {named} }}", since=messages[asked[0]], most_pages=MOST_PAGES):
            line = parsed(event["message"])
            # Engines may return more than the pattern matches, and log streams come one after the other.
            if (id_ := str(line.get("message_id"))) in asked and line.get("level") in TROUBLE:
                found[id_] = max(found.get(id_, (0, "")), (event["timestamp"], reason(line)))
    return {id_: words for id_, (_, words) in found.items()}


def reason(line: Mapping[str, Any]) -> str:
    """Name the cause in a structured line: the exception, as Powertools logs it, else `message` and `reason`."""
    if name := line.get("exception_name"):
        said = (line.get("stack_trace") or {}).get("value") or str(line.get("exception", "")).rpartition("\n")[2]
        return f"{name}: {said}" if said else str(name)
    return ": ".join(str(line[field]) for field in ("message", "reason") if line.get(field))


def parsed(message: str) -> dict[str, Any]:
    """Read a structured log line; empty for a line that is not a JSON object."""
    try:
        line = json.loads(message)
    except ValueError:
        return {}  # Lambda's own lines about each invocation are text
    return line if isinstance(line, dict) else {}


def invoke(target: Target, function: str, **event: Any) -> dict[str, Any]:
    """Invoke a function synchronously, and return its answer. Raises TakeawayError with the function's error."""
    answer = target.client("lambda").invoke(FunctionName=function, Payload=json.dumps(event))
    said = json.loads(answer["Payload"].read() or b"{}")
    if "FunctionError" in answer:
        words = said.get("errorMessage") or said.get("errorType") or said  # some exceptions have no message
        raise TakeawayError(f"{function} failed: {words}")
    done: dict[str, Any] = said
    return done
