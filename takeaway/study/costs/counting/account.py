"""An account in memory: meters every request that a botocore client makes, and answers those to all but the tables."""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import boto3

from takeaway.study.costs.counting.functions import GIGABYTE, Functions
from takeaway.study.costs.counting.tables import Tables
from takeaway.study.costs.units import Units

CHUNK = 64 * 1024
OK = SimpleNamespace(status_code=200)
Answer = dict[str, Any]


def chunks(text: str | bytes) -> Decimal:
    """How often something counts that is billed by 64 KB."""
    size = len(text.encode() if isinstance(text, str) else text)
    return Decimal(max(math.ceil(size / CHUNK), 1))


@dataclass
class Account:
    """Has its hooks in boto3's default session. What waits to be done stands in `events`, `messages`, `started`.

    `callbacks` has the outcome of each task token that was sent one.
    """

    functions: Functions
    tables: Tables
    events: list[Answer] = field(default_factory=list)
    messages: list[Answer] = field(default_factory=list)
    started: list[str] = field(default_factory=list)
    callbacks: dict[str, Answer] = field(default_factory=dict)

    def __post_init__(self) -> None:
        boto3.setup_default_session()
        hooks: Any = boto3.DEFAULT_SESSION.events  # type: ignore[union-attr]
        hooks.register("before-parameter-build", self._asked)
        hooks.register("before-call", self._before)
        hooks.register("after-call", self._after)

    def _asked(self, *, params: Answer, context: Answer, **_: Any) -> None:
        context["asked"] = params

    def _before(self, *, model: Any, context: Answer, **_: Any) -> tuple[Any, Answer] | None:
        service, operation = str(model.service_model.service_id), str(model.name)
        self.functions.called(f"{service}:{operation}")
        if service == "DynamoDB":
            context["writes"] = self.tables.before(operation, context["asked"])
            return None
        answer: Callable[[Answer], Answer] | None = getattr(self, f"_{operation}", None)
        if answer is None:
            raise NotImplementedError(f"{service}:{operation} is not counted yet")
        return OK, answer(context["asked"])

    def _after(self, *, model: Any, context: Answer, parsed: Answer, **_: Any) -> None:
        if model.service_model.service_id == "DynamoDB":
            self.tables.after(str(model.name), context["asked"], parsed, context["writes"])

    def _PutEvents(self, asked: Answer) -> Answer:  # noqa: N802 - named as the operation
        entries = asked["Entries"]
        for entry in entries:
            size = chunks(json.dumps(entry, ensure_ascii=False))
            self.functions.add(
                Units(events_published=size, archived_gigabytes=len(json.dumps(entry).encode()) / GIGABYTE)
            )
            self.events.append(
                {
                    "id": str(uuid4()),
                    "source": entry["Source"],
                    "detail-type": entry["DetailType"],
                    "detail": json.loads(entry["Detail"]),
                    "bus": entry["EventBusName"],
                }
            )
        return {"FailedEntryCount": 0, "Entries": [{"EventId": str(uuid4())} for _ in entries]}

    def _Publish(self, asked: Answer) -> Answer:  # noqa: N802
        self.functions.add(Units(topic_publishes=chunks(asked["Message"])))
        self.messages.append(asked)
        return {"MessageId": str(uuid4())}

    def _SendEmail(self, asked: Answer) -> Answer:  # noqa: N802
        self.functions.add(Units(emails=Decimal(len(asked["Destination"]["ToAddresses"]))))
        return {"MessageId": str(uuid4())}

    def _PutObject(self, asked: Answer) -> Answer:  # noqa: N802
        self.functions.add(Units(bucket_writes=Decimal(1)))
        self.functions.tally.stored["lake"] += len(_content(asked["Body"]))
        return {"ETag": '"0"'}

    def _StartExecution(self, asked: Answer) -> Answer:  # noqa: N802
        self.started.append(asked["input"])
        return {"executionArn": asked["name"]}

    def _SendTaskSuccess(self, asked: Answer) -> Answer:  # noqa: N802
        self.callbacks[asked["taskToken"]] = json.loads(asked["output"])
        return {}


def _content(body: Any) -> bytes:
    """The client wraps bytes into a file before it asks."""
    return body if isinstance(body, bytes) else bytes(body.getvalue())
