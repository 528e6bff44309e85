"""Execute the workflow of one order: enter every state, run its function, and make its request."""

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass

import boto3
from botocore.exceptions import ClientError

from shared.asl import data as asl
from shared.asl.data import Data
from shared.asl.graph import ANY_ERROR, STOPPED, SUCCEEDED, Definition, State, awaits_callback, ends
from takeaway.check.templates.resolved import Resource
from takeaway.facts import Act, Way
from takeaway.run.client.people import People
from takeaway.study.costs.counting.account import Account, Crashed
from takeaway.study.costs.counting.bus import Consumers


@dataclass
class Execution:
    """Runs a workflow. Task tokens get Step Functions' length, because the table stores them and size is billed."""

    machine: Resource
    definition: Definition
    account: Account
    consumers: Consumers
    people: People
    token_length: int

    def run(self, order_id: str, way: Way) -> Iterator[str]:
        """Execute the workflow, and yield each state that it enters."""
        name, data = str(self.definition["StartAt"]), json.loads(self.account.started.pop())
        with self.account.meter.paid_by(self.machine.context):
            while name:
                yield name
                state = self.definition["States"][name]
                self._transition()
                if ended := STOPPED if name == way.stops else ends(state):
                    self._end(order_id, ended)
                    return
                name, data = self._enter(state, data, order_id, way.does.get(name))
                self.consumers.settle()
            self._end(order_id, SUCCEEDED)

    def _end(self, order_id: str, status: str) -> None:
        detail = {"stateMachineArn": self.machine.name, "name": order_id, "status": status}
        self.consumers.execution_ended("aws.states", "Step Functions Execution Status Change", detail)

    def _enter(self, state: State, data: Data, order_id: str, act: Act | None) -> tuple[str, Data]:
        resource = str(state.get("Resource", ""))
        if state["Type"] == "Choice":
            return asl.chosen(state, data), data
        if resource.endswith("lambda:invoke"):
            return self._task(state, data)
        if awaits_callback(state):
            return self._wait(state, data, order_id, act)
        if resource.endswith("dynamodb:getItem"):
            found = boto3.client("dynamodb").get_item(**asl.parameters(state, data))
            return state["Next"], asl.after(state, found, data)
        raise asl.NotUnderstood(f"{state['Type']} {resource}")

    def _task(self, state: State, data: Data) -> tuple[str, Data]:
        asked = asl.parameters(state, data)
        for attempt in range(asl.attempts(state)):
            if attempt:
                self._transition()  # a retry is billed as a transition
            try:
                result = self.account.invoke(asked["FunctionName"], asked["Payload"])
            except Crashed:
                continue
            return state.get("Next", ""), asl.after(state, {"Payload": result}, data)
        return asl.caught(state, ANY_ERROR), data

    def _wait(self, state: State, data: Data, order_id: str, act: Act | None) -> tuple[str, Data]:
        if act and act.when == "early":
            self.people.act(act.call, order_id)
        token = secrets.token_urlsafe(self.token_length)[: self.token_length]
        try:
            boto3.client("dynamodb").update_item(**asl.parameters(state, data, token=token))
        except ClientError:
            return asl.caught(state, asl.CONDITION_FAILED), data
        if act:
            self.people.act(act.call, order_id)
        outcome = self.account.callbacks.pop(token, None)
        if outcome is None or (act and act.when == "late"):
            return asl.caught(state, asl.TIMEOUT), data
        return state["Next"], asl.after(state, outcome, data)

    def _transition(self) -> None:
        self.account.meter.add(state_transitions=1)
