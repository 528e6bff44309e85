"""Execute the durable function of one order: invoke it, keep its checkpoints, and invoke it again until it ends."""

import importlib
import json
import logging
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NoReturn

from shared.asl.graph import STOPPED
from takeaway.check.templates.resolved import Resource
from takeaway.facts import Act, Way
from takeaway.run.client.people import People
from takeaway.study.costs.counting.account import Account, Answer, Crashed
from takeaway.study.costs.counting.bus import Consumers
from takeaway.study.costs.counting.checkpoints import EXECUTION, Checkpoints, Operation
from takeaway.study.costs.units import GIGABYTE

ARN = f"arn:aws:lambda:us-east-1:123456789012:function:function:1/durable-execution/order/{EXECUTION}"
SDK = "aws_durable_execution_sdk_python"  # the name of its logger, too
TOKEN = "token"  # of a checkpoint; nothing is checked here, because one order goes at a time  # noqa: S105
PENDING = "PENDING"
ENDED = {STOPPED: "STOPPED"}  # what Lambda calls otherwise than Step Functions


@dataclass
class DurableExecution:
    """Runs a workflow in code. Ids of callbacks get a length, because the table stores them and size is billed."""

    function: Resource
    account: Account
    consumers: Consumers
    people: People
    id_length: int
    _sent: dict[str, str] = field(default_factory=dict)  # results of callbacks, by id
    _early: dict[str, Act] = field(default_factory=dict)  # by the state in which people are faster than its wait
    _order_id: str = ""
    _kept: Checkpoints = field(init=False)

    def __post_init__(self) -> None:
        self.account.others |= {
            "Invoke": self._begin,
            "CheckpointDurableExecution": self._checkpoint,
            "SendDurableExecutionCallbackSuccess": self._called_back,
        }
        logging.getLogger(SDK).addHandler(logging.StreamHandler(sys.stdout))  # where functions log, which is billed

    def run(self, order_id: str, way: Way) -> Iterator[str]:
        """Execute the workflow, and yield the name of each step and wait that it begins."""
        self._kept, self._order_id = Checkpoints(self.account.started.pop(), self.id_length), order_id
        self._early = {state: act for state, act in way.does.items() if act.when == "early"}
        meter = self.account.meter
        with meter.paid_by(self.function.context), _crashing(self.function, way.fails):
            ended = self._ended(way)
            # Counted at the end: the SDK sends checkpoints in a thread of its own, while steps run and count.
            meter.add(durable_operations=self._kept.billed, durable_gigabytes=self._kept.size / GIGABYTE)
            detail = {"functionArn": f"{self.function.name}:1", "durableExecutionName": order_id}
            status = {"status": ENDED.get(ended, ended)}
            self.consumers.execution_ended("aws.lambda", "Durable Execution Status Change", {**detail, **status})
        yield from self._kept.states

    def _ended(self, way: Way) -> str:
        while True:
            operations = {"Operations": list(self._kept.operations.values()), "NextMarker": ""}
            event = {"DurableExecutionArn": ARN, "CheckpointToken": TOKEN, "InitialExecutionState": operations}
            answer = self.account.invoke(self.function.name, event)
            self.consumers.settle()
            if answer["Status"] != PENDING:
                self._kept.keep(answer.get("Result") or json.dumps(answer.get("Error")))
                return str(answer["Status"])
            if self._kept.try_again():
                continue
            callback = self._kept.awaited()
            state = self._kept.state_of(callback)
            if state == way.stops:
                return STOPPED
            self._wait(callback, way.does.get(state))

    def _wait(self, callback: Operation, act: Act | None) -> None:
        if act:
            self.people.act(act.call, self._order_id)
        sent = self._sent.pop(callback["CallbackDetails"]["CallbackId"], None)
        self._kept.call_back(callback, None if act and act.when == "late" else sent)

    def _begin(self, asked: Answer) -> Answer:
        """Answer Lambda:Invoke, by which the API begins an execution."""
        self.account.started.append(asked["Payload"])
        return {"StatusCode": 202}

    def _checkpoint(self, asked: Answer) -> Answer:
        changed = [self._kept.update(update) for update in asked["Updates"]]
        for operation in changed:
            if operation["Type"] == "CALLBACK" and (act := self._early.pop(self._kept.state_of(operation), None)):
                self.people.act(act.call, self._order_id)  # the function waits meanwhile for this checkpoint
        return {"CheckpointToken": TOKEN, "NewExecutionState": {"Operations": changed}}

    def _called_back(self, asked: Answer) -> Answer:
        self._sent[asked["CallbackId"]] = asked["Result"]
        return {}


@contextmanager
def _crashing(function: Resource, steps: Collection[str]) -> Iterator[None]:
    """Let steps crash while the block runs. They are no functions here, but tasks in the function's own table."""
    package = str(function.properties["Handler"]).partition(".handlers.")[0]
    tasks = importlib.import_module(f"{package}.steps").TASKS
    before = {**tasks}
    tasks.update(dict.fromkeys(steps & tasks.keys(), _crash))
    try:
        yield
    finally:
        tasks.update(before)


def _crash(*_: Any) -> NoReturn:
    raise Crashed("on purpose")
