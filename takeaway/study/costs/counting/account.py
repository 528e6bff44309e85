"""An AWS account in memory: runs the templates' functions, answers their AWS requests, and counts both."""

import importlib
import io
import json
import math
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import boto3
from botocore import xform_name

from takeaway.check.templates.resolved import Deployed
from takeaway.check.templates.stack import FUNCTION
from takeaway.study.costs.counting.tables import Tables
from takeaway.study.costs.counting.tally import Meter
from takeaway.study.costs.units import CHUNK, GIGABYTE

LOG_EVENT_BYTES = 26  # CloudWatch bills so many bytes for each event besides its text
ARN = "arn:aws:lambda:us-east-1:123456789012:function:function"
REQUEST = "00000000-0000-4000-8000-000000000000"
OK = SimpleNamespace(status_code=200)
Answer = dict[str, Any]


class Crashed(Exception):
    """Raised instead of running a function that has to fail."""


def chunks(text: str) -> int:
    """Return the number of 64 KB chunks that a text is billed as."""
    return max(math.ceil(len(text.encode()) / CHUNK), 1)


@dataclass
class Account:
    """Hooks into boto3's default session, so that every client reaches it. `failing` functions crash.

    `events`, `messages` and `started` are still to be processed. `callbacks` has the outcome sent for each task token,
    `others` the answers to further operations.
    """

    deployed: Deployed
    meter: Meter
    tables: Tables
    failing: frozenset[str] = frozenset()
    events: list[Answer] = field(default_factory=list)
    messages: list[Answer] = field(default_factory=list)
    started: list[str] = field(default_factory=list)
    callbacks: dict[str, Answer] = field(default_factory=dict)
    others: dict[str, Callable[[Answer], Answer]] = field(default_factory=dict)
    _output: io.StringIO = field(default_factory=io.StringIO)

    def __post_init__(self) -> None:
        sys.stdout = self._output  # before the first logger is made, because loggers keep their stream
        boto3.setup_default_session()
        hooks: Any = boto3.DEFAULT_SESSION.events  # type: ignore[union-attr]
        hooks.register("before-parameter-build", self._asked)
        hooks.register("before-call", self._before)
        hooks.register("after-call", self._after)

    def invoke(self, name: str, event: Any) -> Any:
        """Run a function, and return its answer. Raises Crashed, or the function's own exception."""
        function = self.deployed.named(FUNCTION, name)
        module, _, attribute = str(function.properties["Handler"]).rpartition(".")
        self.meter.tally.functions[self.deployed.without_stage(function.name)] += 1
        with self.meter.paid_by(function.context):
            self.meter.add(function_requests=1)
            if module.rpartition(".")[2] in self.failing:
                raise Crashed(name)
            context = SimpleNamespace(  # the parts of Lambda's context that our functions use
                function_name=function.name,
                memory_limit_in_mb=int(function.properties["MemorySize"]),
                invoked_function_arn=ARN,
                aws_request_id=REQUEST,
                get_remaining_time_in_millis=lambda: 10_000,
            )
            try:
                return getattr(importlib.import_module(module), attribute)(event, context)
            finally:
                self._read_log()

    def _read_log(self) -> None:
        lines = self._output.getvalue().splitlines()
        self._output.seek(0)
        self._output.truncate()
        self.meter.add(log_gigabytes=sum(len(line.encode()) + LOG_EVENT_BYTES for line in lines) / GIGABYTE)
        for metric in (metric for line in lines for metric in _metrics(line)):
            self.meter.tally.metrics[metric] += 1

    def _asked(self, *, params: Answer, context: Answer, **_: Any) -> None:
        context["asked"] = params

    def _before(self, *, model: Any, context: Answer, **_: Any) -> tuple[Any, Answer] | None:
        service, operation = str(model.service_model.service_id), str(model.name)
        self.meter.tally.calls[f"{service}:{operation}"] += 1
        if service == "DynamoDB":
            context["writes"] = self.tables.before(operation, context["asked"])
            return None
        answer = self.others.get(operation) or getattr(self, f"_{xform_name(operation)}", None)
        if answer is None:
            raise NotImplementedError(f"{service}:{operation} is not counted yet")
        return OK, answer(context["asked"])

    def _after(self, *, model: Any, context: Answer, parsed: Answer, **_: Any) -> None:
        if model.service_model.service_id == "DynamoDB":
            self.tables.after(str(model.name), context["asked"], parsed, context["writes"])

    def _put_events(self, asked: Answer) -> Answer:
        for entry in asked["Entries"]:
            size = chunks(json.dumps(entry, ensure_ascii=False))
            self.meter.add(events_published=size, archived_gigabytes=len(json.dumps(entry)) / GIGABYTE)
            event = {"id": str(uuid4()), "source": entry["Source"], "detail-type": entry["DetailType"]}
            self.events.append({**event, "detail": json.loads(entry["Detail"]), "bus": entry["EventBusName"]})
        return {"FailedEntryCount": 0, "Entries": [{"EventId": str(uuid4())} for _ in asked["Entries"]]}

    def _publish(self, asked: Answer) -> Answer:
        self.meter.add(topic_publishes=chunks(asked["Message"]))
        self.messages.append(asked)
        return {"MessageId": str(uuid4())}

    def _send_email(self, asked: Answer) -> Answer:
        self.meter.add(emails=len(asked["Destination"]["ToAddresses"]))
        return {"MessageId": str(uuid4())}

    def _put_object(self, asked: Answer) -> Answer:
        body = asked["Body"]  # the client may have wrapped the bytes into a file
        self.meter.add(bucket_writes=1)
        self.meter.tally.stored["lake"] += len(body if isinstance(body, bytes) else body.getvalue())
        return {"ETag": '"0"'}

    def _start_execution(self, asked: Answer) -> Answer:
        self.started.append(asked["input"])
        return {"executionArn": asked["name"]}

    def _send_task_success(self, asked: Answer) -> Answer:
        self.callbacks[asked["taskToken"]] = json.loads(asked["output"])
        return {}


def _metrics(line: str) -> Iterator[str]:
    """Yield the metrics of a log line in CloudWatch's embedded metric format; each is billed."""
    document = json.loads(line) if line.startswith("{") else {}
    for directive in document.get("_aws", {}).get("CloudWatchMetrics", ()):
        for dimensions in directive["Dimensions"]:
            of = ",".join(f"{name}={document[name]}" for name in dimensions)
            yield from (f"{directive['Namespace']} {metric['Name']} {of}" for metric in directive["Metrics"])
