"""A neighbour in minutes: generated, checked, deployed; it reacts at once, and is removed again. In a copy."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shared import schema_tools
from takeaway.paths import TOOLS
from takeaway.run.client import outputs
from takeaway.run.client.system import System
from tests.conftest import Engine
from tests.fakes.people import Customer, Restaurant, eventually
from tests.fakes.visitors import News, Visitor
from tests.system.e2e.console.conftest import console
from tools.copies import copy_repository, know_types

pytestmark = [pytest.mark.engine, pytest.mark.own_stage, pytest.mark.teaching]
NAME, EVENT = "courtesy", "order_rejected"
REASON = "No dough"
NOW = "2026-11-23T12:00:00.000Z"


class Checkout:
    """A copy of the repository, in which commands run as in the original."""

    def __init__(self, folder: Path, system: System) -> None:
        know_types(copy_repository(folder))
        subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
        home = folder / ".takeaway"
        home.mkdir()
        # The same key, because a deployment publishes its issuer, and tokens of other tests must stay valid.
        shutil.copy(system.target.home.issuer_key, home)
        self.folder = folder
        self._environment = os.environ | {
            "PYTHONPATH": str(folder),  # wins over the installed original
            "AWS_ENDPOINT_URL": str(system.target.endpoint),
            "TAKEAWAY_STAGE": system.target.stage,
            "TAKEAWAY_HOME": str(home),
        }

    def run(self, *command: str) -> str:
        done = subprocess.run(
            command, cwd=self.folder, env=self._environment, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        return done.stdout

    def takeaway(self, *arguments: str) -> str:
        return self.run(str(TOOLS / "takeaway"), *arguments)


@pytest.fixture
def checkout(tmp_path: Path, system: System) -> Checkout:
    return Checkout(tmp_path / "checkout", system)


@pytest.fixture
def visitor(engine: Engine, system: System) -> Iterator[Visitor]:
    with console(engine.endpoint, home=engine.target.home.folder, stage=system.target.stage) as address:
        yield Visitor(address, system.target.stage)


def travelled(order_id: str) -> Callable[[News], bool]:
    """Return a look at the map that is true once the order's event has gone to the new room, and been read there."""
    arrived = False

    def look(news: News) -> bool:
        nonlocal arrived
        heard = (each for each in news["entries"] if (each["order"], each["name"]) == (order_id, EVENT))
        arrived = arrived or any(NAME in each["to"] for each in heard)
        room = news["rooms"].get(NAME)
        return arrived and bool(room and room["heard"]) and not room["waiting"]

    return look


def reaction(system: System, order_id: str) -> bool:
    table = outputs.read(system.target).output(NAME, "ReactionsTable")
    found = system.target.client("dynamodb").get_item(TableName=table, Key={"order_id": {"S": order_id}})
    return "Item" in found


def happened(at: str) -> str:
    event = schema_tools.example(EVENT)
    event["detail"]["metadata"]["occurred_at"] = at
    return json.dumps(event)


def failures(system: System, *bodies: str) -> list[str]:
    """Return the messages of a batch that the function reports as failed."""
    records = [{"messageId": str(number), "body": body, "eventSource": "aws:sqs"} for number, body in enumerate(bodies)]
    function = outputs.read(system.target).output(NAME, "FunctionName")
    answer = system.target.client("lambda").invoke(FunctionName=function, Payload=json.dumps({"Records": records}))
    said = json.loads(answer["Payload"].read())
    return [each["itemIdentifier"] for each in said["batchItemFailures"]]


@pytest.mark.timeout(600)  # runs all checks, and two deployments
def test_a_generated_context_passes_all_checks_deploys_and_reacts_and_goes_again(
    checkout: Checkout, system: System, customer: Customer, restaurant: Restaurant, visitor: Visitor
) -> None:
    made = checkout.takeaway("new-context", NAME, "--on", EVENT)
    assert f"contexts/{NAME}/domain/reaction.py" in made
    assert f"docs/runbooks/{NAME}.md" in made

    checkout.run("make", "--old-file=setup", "check", "NO_BASE=1")  # a copy without history
    seen = [f"tests/between/infrastructure/test_{each}.py" for each in ("monitoring", "runbooks", "tracing")]
    checkout.run(str(TOOLS / "pytest"), f"tests/{NAME}", *seen)

    before = outputs.read(system.target)
    assert f'data-room="{NAME}"' not in visitor.sees("map")
    checkout.takeaway("deploy", NAME)
    visitor.hears_news(lambda news: NAME in news["shown"], f"the room of {NAME} on a map that was open before")
    order_id = customer.places()
    restaurant.rejects(order_id, REASON)
    visitor.hears_news(travelled(order_id), f"{EVENT} travels to {NAME}")
    eventually(lambda: reaction(system, order_id), f"{NAME} has reacted")
    assert NAME in checkout.takeaway("journey", order_id, "--until", f"has reacted to {EVENT}")

    assert failures(system, "not json", happened("9999-12-31T23:59:59.000-01:00"), happened(NOW)) == ["0", "1"]

    checkout.takeaway("destroy", NAME)
    assert outputs.read(system.target) == before
    customer.waits_for(order_id, "REJECTED")
