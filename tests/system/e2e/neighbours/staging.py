"""A stage that grows: orders alone at first, its neighbours later; and events that are put on its bus."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from shared import schema_tools
from takeaway.run.client import outputs
from takeaway.run.client.system import System
from takeaway.run.client.target import Target
from takeaway.run.deploy import alone
from takeaway.run.deploy.parameters import Parameters
from tests.conftest import Silent


@dataclass(frozen=True)
class Stage:
    """A stage that is deployed context by context, each by its own app, as their teams would."""

    target: Target
    parameters: Parameters

    @classmethod
    def prepared(cls, target: Target) -> "Stage":
        return cls(target, Parameters(stage=target.stage, accept_timeout=60))

    def deploy(self, *contexts: str) -> System:
        for context in contexts:
            alone.deploy(self.target, context, self.parameters, Silent())
        assert set(contexts) <= outputs.read(self.target).by_context.keys()
        return System(self.target)


def event(**data: Any) -> dict[str, Any]:
    """Return an order_completed as orders would publish it, of an order that does not exist."""
    made = schema_tools.example("order_completed")
    order_id, email = str(uuid4()), f"{uuid4().hex[:8]}@example.com"
    made["detail"]["data"] |= {
        "order_id": order_id,
        "customer_id": f"customer-{email[:8]}",
        "customer": {"name": "Giulia", "email": email},
        **data,
    }
    made["detail"]["metadata"] |= {
        "event_id": str(uuid4()),
        "correlation_id": order_id,
        "occurred_at": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }
    return made


def order_of(made: dict[str, Any]) -> str:
    return str(made["detail"]["data"]["order_id"])


def publish(system: System, made: Sequence[dict[str, Any]]) -> None:
    """Put events on the bus under the source of orders."""
    entries = [
        {
            "EventBusName": system.stacks.output("bus", "BusName"),
            "Source": each["source"],
            "DetailType": each["detail-type"],
            "Detail": json.dumps(each["detail"]),
        }
        for each in made
    ]
    assert system.target.client("events").put_events(Entries=entries)["FailedEntryCount"] == 0
