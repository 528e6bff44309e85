"""The operations of one durable execution as Lambda keeps them, and what of them is billed. Pure.

What counts as an operation, and which data is kept, is told by
https://docs.aws.amazon.com/lambda/latest/dg/durable-execution-sdk.html
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Operation = dict[str, Any]
EXECUTION = "execution"  # the id of the operation that is the execution itself
DETAILS = {"STEP": "StepDetails", "CONTEXT": "ContextDetails", "CALLBACK": "CallbackDetails"}
STATUS = {"START": "STARTED", "RETRY": "PENDING", "SUCCEED": "SUCCEEDED", "FAIL": "FAILED"}  # by action of an update
NAMED = ("Id", "ParentId", "Name", "Type", "SubType")


@dataclass
class Checkpoints:
    """The checkpoints of an execution that began with an input.

    `billed` counts operations, and `size` is the bytes of the input, results and errors. `id_length` is the length of a
    callback's id.
    """

    input: str
    id_length: int
    billed: int = 1  # the execution itself is an operation
    size: int = 0
    operations: dict[str, Operation] = field(default_factory=dict)

    def __post_init__(self) -> None:
        details = {"ExecutionDetails": {"InputPayload": self.input}}
        self.operations[EXECUTION] = {"Id": EXECUTION, "Type": "EXECUTION", "Status": "STARTED", **details}
        self.keep(self.input)

    @property
    def states(self) -> list[str]:
        """The names of the steps and waits that have begun, without the parts that a wait is made of."""
        return [each["Name"] for each in self.operations.values() if each["Id"] != EXECUTION and "ParentId" not in each]

    def update(self, update: Mapping[str, Any]) -> Operation:
        """Apply an update that the function has sent, and return its operation as it is then."""
        kind, action = DETAILS[update["Type"]], update["Action"]
        if update["Id"] not in self.operations:
            self.billed += 1
            self.operations[update["Id"]] = {name: update[name] for name in NAMED if name in update} | {kind: {}}
        operation = self.operations[update["Id"]]
        operation["Status"], details = STATUS[action], operation[kind]
        if update["Type"] == "CALLBACK":
            details.setdefault("CallbackId", secrets.token_urlsafe(self.id_length)[: self.id_length])
        if action == "RETRY":
            self.billed += 1
            details["Attempt"] = details.get("Attempt", 0) + 1
        if (result := update.get("Payload")) is not None:
            details["Result"] = result
            self.keep(result)
        if error := update.get("Error"):
            details["Error"] = error
            self.keep(json.dumps(error))
        return operation

    def keep(self, data: str) -> None:
        self.size += len(data.encode())

    def try_again(self) -> bool:
        """Let the steps that wait for another try have it; False if there is none."""
        pending = [each for each in self.operations.values() if each["Status"] == "PENDING"]
        for operation in pending:
            operation["Status"] = "READY"
        return bool(pending)

    def awaited(self) -> Operation:
        """Return the callback that the execution waits for. Raises LookupError if it waits for none."""
        for operation in self.operations.values():
            wait = self.operations.get(operation.get("ParentId", ""), operation)
            # A wait that has ended went on without its callback.
            if operation["Type"] == "CALLBACK" and operation["Status"] == wait["Status"] == "STARTED":
                return operation
        raise LookupError("the execution waits for no callback")

    def state_of(self, callback: Operation) -> str:
        """Return the name of the wait that a callback is a part of."""
        return str(self.operations[callback["ParentId"]]["Name"])

    def call_back(self, callback: Operation, result: str | None) -> None:
        """End a callback with a result, or by its timeout if that is None."""
        callback["Status"] = "TIMED_OUT" if result is None else "SUCCEEDED"
        if result is not None:
            callback["CallbackDetails"]["Result"] = result
            self.keep(result)
