"""Runs functions as their templates have them, and counts what their runs leave behind: requests, logs, metrics."""

import importlib
import io
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from takeaway.check.templates.resolved import Deployed
from takeaway.study.costs.counting.tally import Tally
from takeaway.study.costs.units import Units

LOG_EVENT_BYTES = 26  # of CloudWatch's own for each event, besides its text
GIGABYTE = Decimal(2**30)
FUNCTION, MAPPING = "AWS::Lambda::Function", "AWS::Lambda::EventSourceMapping"
DELIVERY = "EventBridge:delivery"  # what EventBridge does for each target of a rule


class Crashed(Exception):
    """The function was told to fail, and did so before it had done anything."""


@dataclass
class Context:
    """What Lambda passes to a function, as far as ours look at it."""

    function_name: str
    memory_limit_in_mb: int
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:123456789012:function:function"
    aws_request_id: str = "00000000-0000-4000-8000-000000000000"

    def get_remaining_time_in_millis(self) -> int:
        return 10_000


@dataclass
class Functions:
    """`tally` is where everything is counted that happens now, `payer` whose function runs, `failing` who crashes."""

    deployed: Deployed
    tally: Tally = field(default_factory=Tally)
    payer: str = ""
    failing: frozenset[str] = frozenset()
    _output: io.StringIO = field(default_factory=io.StringIO)

    def __post_init__(self) -> None:
        sys.stdout = self._output  # loggers keep the stream that they began with

    @contextmanager
    def counting(self) -> Iterator[Tally]:
        """A tally of its own for what happens here."""
        outer, self.tally = self.tally, Tally()
        try:
            yield self.tally
        finally:
            self.tally = outer

    @contextmanager
    def paid_by(self, context: str) -> Iterator[None]:
        outer, self.payer = self.payer, context
        try:
            yield
        finally:
            self.payer = outer

    def invoke(self, name: str, event: Any) -> Any:
        """Raises Crashed, and whatever the function raises."""
        function = self.deployed.named(FUNCTION, name)
        self.tally.functions[self.deployed.without_stage(function.name)] += 1
        handler = str(function.properties["Handler"])
        module, _, attribute = handler.rpartition(".")
        with self.paid_by(function.context):
            self.add(Units(function_requests=Decimal(1)))
            if module.rpartition(".")[2] in self.failing:
                raise Crashed(name)
            try:
                context = Context(function.name, int(function.properties["MemorySize"]))
                return getattr(importlib.import_module(module), attribute)(event, context)
            finally:
                self._read_log()

    def add(self, units: Units) -> None:
        self.tally.units[self.payer] += units

    def called(self, action: str) -> None:
        self.tally.calls[action] += 1

    def _read_log(self) -> None:
        lines = self._output.getvalue().splitlines()
        self._output.seek(0)
        self._output.truncate()
        size = sum(len(line.encode()) + LOG_EVENT_BYTES for line in lines)
        self.add(Units(log_gigabytes=size / GIGABYTE))
        self.tally.metrics |= {metric for line in lines for metric in _metrics(line)}


def _metrics(line: str) -> Iterator[str]:
    """Those that a line in CloudWatch's embedded metric format makes, each of which is billed."""
    document = json.loads(line) if line.startswith("{") else {}
    for directive in document.get("_aws", {}).get("CloudWatchMetrics", ()):
        for dimensions in directive["Dimensions"]:
            of = ",".join(f"{name}={document[name]}" for name in dimensions)
            yield from (f"{directive['Namespace']} {metric['Name']} {of}" for metric in directive["Metrics"])
