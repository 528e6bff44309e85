"""Read the logs of a context's functions as one sequence in order of time, each line with its order's id."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from takeaway.run.client.alarms import context_of
from takeaway.run.client.functions import functions_with_logs, lines, parsed
from takeaway.run.client.system import System

# Lambda's own lines about every invocation.
OF_LAMBDA = ("START ", "END ", "REPORT ", "INIT_START ", "EXTENSION ", "TELEMETRY ")
ANY = ""
MOST_PAGES = 50  # of a log, in one call of `new`
OVERLAP = timedelta(seconds=10)  # how late CloudWatch may show a line
# Fields that a line is shown without, because they are for programs or have a column of their own.
NOT_SHOWN = frozenset(
    {
        "level", "location", "message", "timestamp", "service", "function_request_id", "correlation_id", "message_id",
        "exception", "exception_name", "stack_trace", "xray_trace_id", "sampling_rate", "cold_start",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A log line. `error` is the traceback, several lines; `said` the further fields as `name: value, …`."""

    at: datetime
    function: str  # without `takeaway-<stage>-<context>-`
    level: str
    message: str
    order_id: str
    said: str
    error: str

    @property
    def is_trouble(self) -> bool:
        return self.level not in ("DEBUG", "INFO", "")


@dataclass
class ContextLogs:
    """Follows the logs of one context from `since` on; each call of `new` returns only lines not returned before."""

    system: System
    context: str
    since: datetime
    order_id: str | None = None

    def __post_init__(self) -> None:
        self._seen: dict[tuple[Any, ...], int] = {}
        self.is_cut = False  # a log had more than MOST_PAGES, so lines are missing

    def new(self) -> list[Line]:
        """Return the lines since the last call, in order of time, also of functions that log for the first time."""
        prefix = f"{self.system.target.prefix}-"
        asked = datetime.now(UTC)
        found: list[Line] = []
        for function in functions_with_logs(self.system.target):
            if context_of(function.removeprefix(prefix), self.system.stacks.by_context) == self.context:
                found += self._of(function, function.removeprefix(f"{prefix}{self.context}-"))
        # Older lines are not read again, so their keys can be forgotten.
        self.since = max(self.since, asked - OVERLAP)
        oldest = int(self.since.timestamp() * 1000)
        self._seen = {key: at for key, at in self._seen.items() if at >= oldest}
        return sorted(found, key=lambda line: line.at)

    def _of(self, function: str, name: str) -> Iterator[Line]:
        pattern = f'{{ $.correlation_id = "{self.order_id}" }}' if self.order_id else ANY
        target = self.system.target
        for event in lines(target, function, pattern, since=self.since, most_pages=MOST_PAGES, cut=self._cut):
            key = (function, event.get("logStreamName"), event["timestamp"], event["message"])
            line = _line(event, name)
            if line and key not in self._seen and self.order_id in (None, line.order_id):
                self._seen[key] = event["timestamp"]
                yield line

    def _cut(self) -> None:
        self.is_cut = True


def _line(event: Mapping[str, Any], function: str) -> Line | None:
    """Read a log event; None for Lambda's own line of every invocation, and for embedded metrics."""
    at, message = datetime.fromtimestamp(event["timestamp"] / 1000, UTC), event["message"].rstrip()
    if not message or message.startswith(OF_LAMBDA):
        return None
    said = parsed(message)
    if "_aws" in said:
        return None
    if not said:
        first, _, rest = message.partition("\n")
        return Line(at, function, "ERROR" if first.startswith("[ERROR]") else "", first, "", "", rest)
    more = ", ".join(f"{name}: {value}" for name, value in said.items() if name not in NOT_SHOWN and value is not None)
    return Line(
        at,
        function,
        str(said.get("level", "")),
        str(said.get("message", "")),
        str(said.get("correlation_id") or ""),
        more,
        str(said.get("exception", "")),
    )
