"""Orders that live while orders itself is deployed, and the program typed in the checkout that is deployed."""

import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from takeaway.run.client.system import System
from takeaway.run.client.target import Target
from tests.fakes.people import Customer, Restaurant, Watcher, eventually
from tests.system.e2e.test_teams import Order

COMPLETED = {"order_placed", "restaurant_notified", "order_accepted", "user_notified", "order_completed"}
REJECTED = {"order_placed", "restaurant_notified", "order_rejected", "user_notified"}
REFUSED = {"order_placed", "restaurant_notified", "order_accepted", "order_failed", "user_notified"}


@dataclass(frozen=True)
class Life:
    """An order of a new customer, and how far it is."""

    system: System
    order: Order

    @classmethod
    def begun(cls, system: System, **changes: Any) -> "Life":
        return cls(system, Order.placed(system, **changes))

    @property
    def id(self) -> str:
        return self.order.id

    @property
    def customer(self) -> Customer:
        return self.order.customer

    @property
    def restaurant(self) -> Restaurant:
        return self.order.restaurant

    def waits_for_decision(self) -> "Life":
        self.restaurant.hears_of(self.id)
        return self

    def waits_for_completion(self) -> "Life":
        self.order.is_accepted()
        eventually(lambda: self.system.workflow.steps(self.id)[-1].name == "Await completion", "its delivery awaited")
        return self

    def is_completed(self) -> None:
        if self.customer.sees(self.id)["status"] != "ACCEPTED":
            self.order.is_accepted()
        self.restaurant.delivers(self.id)
        self.ended("COMPLETED", COMPLETED)

    def is_rejected(self) -> None:
        self.restaurant.rejects(self.id, "Kitchen is closing")
        self.ended("REJECTED", REJECTED)

    def is_refused_as_fraud(self) -> None:
        """Let the restaurant accept the order, and wait until the check has closed it instead of confirming it."""
        self.restaurant.accepts(self.id)
        self.ended("FAILED", REFUSED)

    def ended(self, status: str, events: set[str]) -> None:
        self.customer.waits_for(self.id, status)
        eventually(lambda: self.system.workflow.status(self.id) == "SUCCEEDED", f"the end of {self.id}")
        recorded = Watcher(self.system).waits_for(self.id, *events)
        assert Counter(entry.name for entry in recorded if entry.name in events) == Counter(events)


def workflow(command: str, checkout: Path, target: Target) -> subprocess.CompletedProcess[str]:
    return takeaway(["takeaway", "workflow", *command.split()], checkout, target)


def takeaway(command: list[str], checkout: Path, target: Target) -> subprocess.CompletedProcess[str]:
    """Run a command of the program in a checkout."""
    environment = {**os.environ, **target.environment(), "TAKEAWAY_HOME": str(target.home.folder)}
    return subprocess.run(
        [sys.executable, "-m", *command, "--stage", target.stage],
        cwd=checkout, env=environment | {"PYTHONPATH": str(checkout)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
