"""Look into an SQS queue as an operator does: count its messages, and read them without losing any."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from pydantic import AliasPath, BaseModel, Field

BATCH = 10  # SQS's limit for one receive
HIDDEN_SECONDS = 60  # received messages are visible again after that, even if this process was killed
WAIT_SECONDS = 1  # a long poll asks all of SQS's servers; a short one may miss messages that are there


def _attribute(name: str) -> AliasPath:
    return AliasPath("Attributes", name)


class Message(BaseModel, frozen=True):
    """A message as SQS's ReceiveMessage returns it.

    `came_from` is the ARN of the queue that it is a dead letter of; None for an event that EventBridge could not
    deliver, because that never was in a queue.
    """

    id: str = Field(validation_alias="MessageId")
    handle: str = Field(validation_alias="ReceiptHandle", repr=False)
    body: str = Field(validation_alias="Body", repr=False)  # may be personal
    sent_at: datetime = Field(validation_alias=_attribute("SentTimestamp"))
    received: int = Field(validation_alias=_attribute("ApproximateReceiveCount"))
    came_from: str | None = Field(default=None, validation_alias=_attribute("DeadLetterQueueSourceArn"))
    trace: str | None = Field(default=None, validation_alias=_attribute("AWSTraceHeader"))
    attributes: dict[str, Any] = Field(default={}, validation_alias="MessageAttributes", repr=False)


class Depth(NamedTuple):
    """The number of messages as SQS counts them, approximately: waiting, and received but not yet deleted."""

    waiting: int
    in_flight: int


class Redelivery(NamedTuple):
    """A queue's redelivery of failed messages: `after` its visibility timeout, `at_most` so many receives."""

    after: timedelta
    at_most: int

    @property
    def until_given_up(self) -> timedelta:
        return self.after * self.at_most


@dataclass(frozen=True)
class Queue:
    client: Any
    url: str

    @property
    def name(self) -> str:
        return self.url.rpartition("/")[2]

    @cached_property
    def arn(self) -> str:
        return str(self.attributes("QueueArn")["QueueArn"])

    def attributes(self, *names: str) -> Mapping[str, str]:
        found: Mapping[str, str] = self.client.get_queue_attributes(QueueUrl=self.url, AttributeNames=[*names])[
            "Attributes"
        ]
        return found

    def depth(self) -> Depth:
        kinds = ("", "Delayed", "NotVisible")
        found = self.attributes(*(f"ApproximateNumberOfMessages{kind}" for kind in kinds))
        waiting, delayed, in_flight = (int(found[f"ApproximateNumberOfMessages{kind}"]) for kind in kinds)
        return Depth(waiting + delayed, in_flight)

    def redelivery(self) -> Redelivery | None:
        """Read the redelivery; None for a queue without a redrive policy, which tries until a message expires."""
        found = self.attributes("VisibilityTimeout", "RedrivePolicy")
        if "RedrivePolicy" not in found:
            return None
        at_most = int(json.loads(found["RedrivePolicy"])["maxReceiveCount"])
        return Redelivery(timedelta(seconds=int(found["VisibilityTimeout"])), at_most)

    def send(self, message: Message) -> str:
        """Send a copy, with its attributes and trace header, and return the id of the new message."""
        header = {"AWSTraceHeader": {"DataType": "String", "StringValue": message.trace}} if message.trace else {}
        answer = self.client.send_message(
            QueueUrl=self.url,
            MessageBody=message.body,
            MessageAttributes=message.attributes,
            MessageSystemAttributes=header,
        )
        return str(answer["MessageId"])

    @contextmanager
    def held(self) -> Iterator["Held"]:
        """Receive messages to look at or to move; those not deleted are visible again when the block ends."""
        held = Held(self)
        try:
            yield held
        finally:
            held.release()


class Held:
    """Messages that this process has received, so that other readers don't see them until `release`."""

    def __init__(self, queue: Queue) -> None:
        self._queue = queue
        self._handles: dict[str, str] = {}

    def batches(self) -> Iterator[Sequence[Message]]:
        """Yield batches of up to ten until the queue is empty, each message once."""
        while received := self._receive():
            new = [message for message in received if message.id not in self._handles]
            self._handles |= {message.id: message.handle for message in received}
            yield new

    def delete(self, message: Message) -> None:
        self._queue.client.delete_message(QueueUrl=self._queue.url, ReceiptHandle=self._handles[message.id])
        del self._handles[message.id]

    def release(self) -> None:
        """Make the messages that were not deleted visible to other readers again."""
        handles = list(self._handles.values())
        for start in range(0, len(handles), BATCH):
            entries = [
                {"Id": str(number), "ReceiptHandle": handle, "VisibilityTimeout": 0}
                for number, handle in enumerate(handles[start : start + BATCH])
            ]
            # A message whose visibility timeout has passed is among the answer's failures, which needs no reaction.
            self._queue.client.change_message_visibility_batch(QueueUrl=self._queue.url, Entries=entries)
        self._handles.clear()

    def _receive(self) -> list[Message]:
        answer = self._queue.client.receive_message(
            QueueUrl=self._queue.url,
            MaxNumberOfMessages=BATCH,
            VisibilityTimeout=HIDDEN_SECONDS,
            WaitTimeSeconds=WAIT_SECONDS,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        return [Message.model_validate(each) for each in answer.get("Messages", [])]
