"""A stage that grows: orders alone at first, its neighbours later; and events that are put on its bus."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from shared import schemas
from takeaway import issuer
from takeaway.client import outputs
from takeaway.client.system import System
from takeaway.client.target import Target
from takeaway.deploy import amends, cdk, issuing
from takeaway.deploy.parameters import Parameters


@dataclass(frozen=True)
class Stage:
    """Synthesized once, deployed context by context."""

    target: Target
    context: dict[str, str]

    @classmethod
    def prepared(cls, target: Target) -> "Stage":
        assert target.endpoint
        home = target.home
        local_issuer = issuer.LocalIssuer(issuer.url_of(target.endpoint_of_functions, target.prefix), home.issuer_key)
        context = Parameters(stage=target.stage, accept_timeout=60).context(target.traits, local_issuer.url)
        with ThreadPoolExecutor() as pool:
            bootstrap = pool.submit(cdk.bootstrap, target.environment(), log=home.folder / "bootstrap.log")
            cdk.synthesize(context, home.assembly, log=home.folder / "synth.log")
            issuing.publish(target, local_issuer)
            bootstrap.result()
        return cls(target, context)

    def deploy(self, *contexts: str) -> System:
        target, home = self.target, self.target.home
        stacks = [f"{target.prefix}-{context}" for context in contexts]
        cdk.deploy(home.assembly, target.environment(), log=home.folder / "deploy.log", stacks=stacks)
        amends.make_good(target, home.assembly, self.context, lambda _: None, stacks)
        assert set(contexts) <= outputs.read(target).by_context.keys()
        return System(target)


def event(**data: Any) -> dict[str, Any]:
    """An order_completed as orders would publish it, of an order that nobody else knows."""
    made = schemas.example("order_completed")
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
    """Put on the bus in the name of orders."""
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
