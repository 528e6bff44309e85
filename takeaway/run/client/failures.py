"""Read from functions' logs what failed lately: one Failure for each try.

A function that can't process a message logs a structured line with its `message_id`. When the function fails as a
whole (its code can't be loaded, it times out), Lambda itself logs a line of text.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from takeaway.run.client.functions import MOST_PAGES, TROUBLE, lines, parsed, reason
from takeaway.run.client.target import Target

LEVELS = " || ".join(f'($.level = "{level}")' for level in TROUBLE)
STRUCTURED = f"{{ {LEVELS} }}"
OUT_OF_TIME, EXITED = "Task timed out", "Runtime exited"
RAISED = '"[ERROR]"'
WHOLE = f'?{RAISED} ?"{OUT_OF_TIME}" ?"{EXITED}"'
SAID = re.compile(r"\[ERROR\] (?P<what>.*?)\s*(?:Traceback|$)", re.DOTALL)  # ends before the traceback
CODE = re.compile(r'File "(?P<file>[^"]+)", line (?P<line>\d+)')
OURS = re.compile(r".*?/((?:contexts|examples)/.+)")  # the path in this repository, wherever the engine unpacked it


@dataclass(frozen=True)
class Failure:
    """One failed try. `where` is the line of code that raised; `message_id` is empty if the whole function failed."""

    at: datetime
    reason: str
    where: str = ""
    message_id: str = ""
    order_id: str = ""

    @property
    def told(self) -> str:
        return f"{self.reason} ({self.where})" if self.where else self.reason


def failures(target: Target, function: str, *, since: datetime) -> list[Failure]:
    """List what a consumer failed of since then, oldest first. Source: CloudWatch Logs, at most 20 pages a pattern.

    Each failure is listed once, because some engines return a line for several patterns.
    """
    return _found(target, function, (STRUCTURED, WHOLE), since)


def whole_failures(target: Target, function: str, *, since: datetime) -> list[Failure]:
    """List the failures of a function that reads no queue, oldest first.

    Each of its failures is logged by Lambda as `[ERROR]`, so one filter pattern finds all.
    """
    return _found(target, function, (RAISED,), since)


def _found(target: Target, function: str, patterns: tuple[str, ...], since: datetime) -> list[Failure]:
    found = {
        (event["timestamp"], event.get("logStreamName"), event["message"]): failure
        for pattern in patterns
        for event in lines(target, function, pattern, since=since, most_pages=MOST_PAGES)
        if (failure := _failure(event))
    }
    return sorted(found.values(), key=lambda each: each.at)


def _failure(event: Mapping[str, Any]) -> Failure | None:
    at, message = datetime.fromtimestamp(event["timestamp"] / 1000, UTC), event["message"]
    if line := parsed(message):
        if line.get("level") not in TROUBLE or not ("message_id" in line or "exception_name" in line):
            return None  # a warning about something that was done all the same
        frames = [(each["file"], each["line"]) for each in (line.get("stack_trace") or {}).get("frames", [])]
        named = {"message_id": line.get("message_id"), "order_id": line.get("correlation_id")}
        return Failure(at, reason(line), _where(frames), **{name: str(value or "") for name, value in named.items()})
    if said := SAID.search(message):
        return Failure(at, said["what"], _where(CODE.findall(message)))
    return Failure(at, message.strip()) if any(each in message for each in (OUT_OF_TIME, EXITED)) else None


def _where(frames: Iterable[tuple[str, Any]]) -> str:
    """The innermost frame that is code of this repository, as `path:line`; empty if there is none."""
    ours = [f"{named[1]}:{line}" for file, line in frames if (named := OURS.fullmatch(file))]
    return ours[-1] if ours else ""
