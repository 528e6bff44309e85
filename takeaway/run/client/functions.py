"""Functions as an operator may use them: calling one by its name, and what it has logged of messages that it could not
work on, in structured lines that carry a `message_id`.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from takeaway.errors import TakeawayError
from takeaway.run.client.target import Target

LOG_GROUPS = "/aws/lambda/"
TROUBLE = ("WARNING", "ERROR", "CRITICAL")
MOST_PAGES = 20  # of a log, for so many messages: it grows with all that the function does
IDS_AT_ONCE = 15  # as many as fit into the 1024 characters that a filter pattern may have


def lines(
    target: Target,
    function: str,
    pattern: str,
    *,
    since: datetime,
    most_pages: int | None = None,
    cut: Callable[[], None] = lambda: None,
) -> Iterator[dict[str, Any]]:
    """The events of its log that match a filter pattern. A function that never ran, or that there is not, has none.

    A log is looked through from `since` on, as far as so many pages of it go; `cut` is called if there are more.
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
    """Where its log is."""
    settings = target.client("lambda").get_function_configuration(FunctionName=function)
    return settings.get("LoggingConfig", {}).get("LogGroup") or f"{LOG_GROUPS}{function}"


def log_groups(target: Target) -> list[dict[str, Any]]:
    """Of the functions of a stage, as CloudWatch Logs describes them."""
    pages = target.client("logs").get_paginator("describe_log_groups")
    found = pages.paginate(logGroupNamePrefix=f"{LOG_GROUPS}{target.prefix}-")
    return [dict(group) for page in found for group in page["logGroups"]]


def functions_with_logs(target: Target) -> list[str]:
    """The functions of a stage, by name, that have a log."""
    return [group["logGroupName"].removeprefix(LOG_GROUPS) for group in log_groups(target)]


def last_errors(target: Target, function: str, messages: Mapping[str, datetime]) -> Mapping[str, str]:
    """By message id: the last that went wrong, in the words of the log and with nothing that is not there.

    `messages` says since when there can be something about each, the oldest first.
    """
    found: dict[str, tuple[int, str]] = {}
    for start in range(0, len(messages), IDS_AT_ONCE):
        asked = [*messages][start : start + IDS_AT_ONCE]
        named = " || ".join(f'($.message_id = "{id_}")' for id_ in asked)
        for event in lines(target, function, f"{{ {named} }}", since=messages[asked[0]], most_pages=MOST_PAGES):
            line = parsed(event["message"])
            # Engines may give more than was asked for, and streams come one after the other.
            if (id_ := str(line.get("message_id"))) in asked and line.get("level") in TROUBLE:
                found[id_] = max(found.get(id_, (0, "")), (event["timestamp"], reason(line)))
    return {id_: words for id_, (_, words) in found.items()}


def reason(line: Mapping[str, Any]) -> str:
    """The exception if there was one, as Powertools logs it; else what the line says, with the reason that it gives."""
    if name := line.get("exception_name"):
        said = (line.get("stack_trace") or {}).get("value") or str(line.get("exception", "")).rpartition("\n")[2]
        return f"{name}: {said}" if said else str(name)
    return ": ".join(str(line[field]) for field in ("message", "reason") if line.get(field))


def parsed(message: str) -> dict[str, Any]:
    try:
        line = json.loads(message)
    except ValueError:
        return {}  # what Lambda itself says of a call
    return line if isinstance(line, dict) else {}


def invoke(target: Target, function: str, **event: Any) -> dict[str, Any]:
    """What it answers. Raises TakeawayError with what it failed of."""
    answer = target.client("lambda").invoke(FunctionName=function, Payload=json.dumps(event))
    said = json.loads(answer["Payload"].read() or b"{}")
    if "FunctionError" in answer:
        words = said.get("errorMessage") or said.get("errorType") or said  # some errors have a class and no text
        raise TakeawayError(f"{function} failed: {words}")
    done: dict[str, Any] = said
    return done
