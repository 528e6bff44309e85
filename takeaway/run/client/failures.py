"""What functions have failed of lately, in the words of their logs: a line for each try that did not help.

A message that could not be worked on is told by the function itself, in a structured line with its `message_id`. Where
the function fails as a whole (its code can't be loaded, it runs out of time), Lambda says so in a line of text.
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
SAID = re.compile(r"\[ERROR\] (?P<what>.*?)\s*(?:Traceback|$)", re.DOTALL)  # a line of its logging has tabs
CODE = re.compile(r'File "(?P<file>[^"]+)", line (?P<line>\d+)')
OURS = re.compile(r".*?/((?:contexts|examples)/.+)")  # as the repository has it, wherever the engine has unpacked it


@dataclass(frozen=True)
class Failure:
    """`where` is the line of code that raised it; a failure of the whole function is of no message."""

    at: datetime
    reason: str
    where: str = ""
    message_id: str = ""
    order_id: str = ""

    @property
    def told(self) -> str:
        return f"{self.reason} ({self.where})" if self.where else self.reason


def failures(target: Target, function: str, *, since: datetime) -> list[Failure]:
    """In the order of happening, each once, however many patterns an engine takes its line to match."""
    return _found(target, function, (STRUCTURED, WHOLE), since)


def whole_failures(target: Target, function: str, *, since: datetime) -> list[Failure]:
    """Those of a function that no queue is read by: it fails as a whole, so one pattern does."""
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
    """The last line of a context's own code on the way to the error; empty if there is none."""
    ours = [f"{named[1]}:{line}" for file, line in frames if (named := OURS.fullmatch(file))]
    return ours[-1] if ours else ""
