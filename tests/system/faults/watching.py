"""Observes the system: each delivery on the bus, and the state of a workflow."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from takeaway.run.client.system import System
from takeaway.wiring import Wiring
from tests.fakes.bus_queue import BusQueue
from tests.fakes.people import eventually

DECIDES, DELIVERS = "Await restaurant decision", "Await completion"
COMPLETED = ["order_placed", "restaurant_notified", "order_accepted", "user_notified", "order_completed"]
# states of the state machine that are no steps of a function, but an `if` of it, or a part of another step
IN_BETWEEN = ("Decision?", "Read decision", "Completed after all?")
TERMINAL = {"order_completed", "order_rejected", "order_expired", "order_cancelled", "order_timed_out", "order_failed"}


def states(system: System, order_id: str) -> list[str]:
    """Return the states that the order's workflow has entered, and how it ended."""
    return [step.name for step in system.workflow.steps(order_id)]


def goes(system: System, *expected: str) -> list[str]:
    """Return those of the state machine's states that the workflow of this system has."""
    is_function = system.stacks.wiring is Wiring.DURABLE
    return [state for state in expected if not (is_function and state in IN_BETWEEN)]


def function_of(system: System, step: str) -> str:
    """The name of the function that runs a step."""
    name = "process-order" if system.stacks.wiring is Wiring.DURABLE else step.replace("_", "-")
    return f"{system.target.prefix}-orders-{name}"


def waits(system: System, order_id: str, state: str) -> None:
    """Wait until the workflow is in that state and can be woken up."""
    token = "decision_token" if state == DECIDES else "completion_token"
    table, key = system.stacks.output("orders", "OrdersTable"), {"order_id": {"S": order_id}}
    database = system.target.client("dynamodb")
    eventually(
        lambda: token in database.get_item(TableName=table, Key=key, ConsistentRead=True)["Item"],
        f"the workflow of {order_id} waits in {state}",
    )


@dataclass
class Witness:
    """A queue that gets everything that is delivered on the bus, each delivery of an event by itself."""

    queue: BusQueue
    seen: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, system: System) -> "Witness":
        return cls(BusQueue.of(system.target, "witness"))

    def deliveries(self, order_id: str) -> Sequence[dict[str, Any]]:
        """Return the deliveries about an order so far: the events' type, id and detail."""
        for event in self.queue.received():
            metadata, data = event["detail"]["metadata"], event["detail"]["data"]
            delivery = {"type": event["detail-type"], "id": metadata["event_id"], "detail": event["detail"]}
            self.seen[data["order_id"]].append(delivery)
        return self.seen[order_id]

    def ids(self, order_id: str, event_type: str) -> list[str]:
        """Return the event id of each delivery of that type."""
        return [delivery["id"] for delivery in self.deliveries(order_id) if delivery["type"] == event_type]

    def types(self, order_id: str, last: str) -> list[str]:
        """Return the types of the delivered events, each once and in order, as soon as `last` is among them."""
        eventually(lambda: self.ids(order_id, last), f"{last} of {order_id} on the bus")
        return list(dict.fromkeys(delivery["type"] for delivery in self.deliveries(order_id)))
