"""The commands on a deployed system, as a person types them."""

import hashlib
import json
import os
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import jwt
import pytest

from takeaway.paths import REPOSITORY, TOOLS
from takeaway.run.client.people import customer_of
from takeaway.run.client.system import System
from takeaway.run.deploy import cdk
from takeaway.run.deploy.deployment import context_of, synthesize, tags_of
from takeaway.run.deploy.parameters import Parameters
from tests.conftest import STAGE, accept_timeout
from tests.fakes import command_line
from tests.fakes.people import Customer, Restaurant, Watcher, eventually

pytestmark = pytest.mark.engine
EXAMPLE = str(REPOSITORY / "examples" / "orders" / "01-lunch-for-two.json")
TAKEAWAY = str(TOOLS / "takeaway")
Takeaway = Callable[..., command_line.Done]


@pytest.fixture
def environment(system: System) -> dict[str, str]:
    return os.environ | {
        "AWS_ENDPOINT_URL": str(system.target.endpoint),
        "TAKEAWAY_STAGE": STAGE,
        "TAKEAWAY_HOME": str(system.target.home.folder),
    }


@pytest.fixture
def takeaway(environment: dict[str, str]) -> Takeaway:
    return partial(command_line.takeaway, environment=environment)


def json_of(done: command_line.Done) -> Any:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_an_order_is_placed_accepted_delivered_and_told_by_commands_alone(takeaway: Takeaway, watcher: Watcher) -> None:
    order_id = takeaway("order", EXAMPLE).stdout.strip()
    assert json_of(takeaway("accept", order_id, "--json"))["decision"] == "accepted"
    eventually(lambda: json_of(takeaway("show", order_id, "--json"))["status"] == "ACCEPTED", "accepted")
    assert json_of(takeaway("complete", order_id, "--json"))["completion"] == "completed"
    eventually(lambda: order_id in takeaway("vouchers").stdout, "a voucher")
    giulias = json_of(takeaway("vouchers", "--customer", customer_of("giulia.conti@example.com"), "--json"))
    assert order_id in {voucher["order_id"] for voucher in giulias}
    assert takeaway("vouchers", "--customer", "no-[bold]body").stderr == "No voucher for customer no-[bold]body.\n"
    watcher.waits_for(order_id, "order_placed", "message_to_restaurant", "order_completed")

    journey = json_of(takeaway("journey", order_id, "--json"))
    assert journey["status"] == "COMPLETED"
    assert {moment["actor"] for moment in journey["moments"]} >= {"workflow", "bus", "restaurant", "promotions"}
    told = takeaway("journey", order_id).stdout
    assert "order_completed" in told
    assert "issues voucher" in told

    listed = [json.loads(line) for line in takeaway("events", "--json").stdout.splitlines()]
    assert {entry["name"] for entry in listed if entry["order_id"] == order_id} >= {"order_placed", "order_completed"}
    late = takeaway("accept", order_id)
    assert (late.returncode, "it is completed" in late.stderr, late.stdout) == (1, True, "")
    assert takeaway("complete", order_id).returncode == 0  # repeated, because an answer may have been lost

    for minutes in ("99999999999", "999999999"):
        everything = takeaway("events", "--json", "--since", minutes)
        assert len(everything.stdout.splitlines()) >= len(listed)
    assert takeaway("compact").returncode == 0  # otherwise other tests may have left more objects than a report reads
    report = eventually(lambda: json_of(takeaway("report", "--json"))["orders_by_status"].get("COMPLETED"), "a report")
    assert report >= 1
    assert "trattoria-roma" in takeaway("report").stdout


def test_an_order_may_come_on_standard_input_and_again_with_its_key(takeaway: Takeaway, customer: Customer) -> None:
    text = json.dumps(customer.order())
    first = takeaway("order", "-", "--idempotency-key", customer.id, text=text)
    again = takeaway("order", "--idempotency-key", customer.id, "--json", text=text)
    assert first.returncode == 0
    assert json_of(again) == {"order_id": first.stdout.strip()}


def test_a_rejection_is_shown_with_its_reason(takeaway: Takeaway, customer: Customer) -> None:
    order_id = customer.places()
    assert takeaway("reject", order_id, "--reason", "No [bold]dough").returncode == 0
    customer.waits_for(order_id, "REJECTED")
    assert "REJECTED (No [bold]dough)" in takeaway("show", order_id).stdout


def test_an_order_that_is_refused_is_told_with_every_wrong_field(takeaway: Takeaway, customer: Customer) -> None:
    wrong = customer.order(items=[], restaurant_id="../etc", delivery_address="")
    done = takeaway("order", text=json.dumps(wrong))
    assert done.returncode == 1
    assert [
        field for field in ("items", "restaurant_id", "delivery_address") if f"  {field}: " not in done.stderr
    ] == []
    assert "Traceback" not in done.stderr


def test_a_decision_too_late_is_told_with_the_one_that_stands(
    takeaway: Takeaway, customer: Customer, restaurant: Restaurant
) -> None:
    order_id = customer.places()
    restaurant.rejects(order_id, "No dough")
    done = takeaway("accept", order_id)
    assert done.returncode == 1
    assert "reject" in done.stderr.lower()


def test_an_order_that_is_not_there_is_told(takeaway: Takeaway) -> None:
    for command in ("show", "accept", "journey"):
        done = takeaway(command, "no-such-order")
        assert done.returncode == 1
        assert "There is no order no-such-order" in done.stderr


def test_status_says_where_everything_is(takeaway: Takeaway, system: System) -> None:
    told = json_of(takeaway("status", "--json"))
    assert told["endpoint"] == system.target.endpoint
    assert told["api"] == f"{system.api.url}/orders"
    assert set(told["stacks"]) == {stack.name for stack in system.stacks.by_context.values()}
    assert told["stage"] in takeaway("status").stdout


def test_status_says_how_each_context_is(takeaway: Takeaway, system: System) -> None:
    told = json_of(takeaway("status", "--json"))
    assert {each["context"] for each in told["contexts"]} == set(system.stacks.by_context)
    shown = takeaway("status").stdout
    assert all(f"\n{context} " in shown for context in system.stacks.by_context)
    one = json_of(takeaway("status", "promotions", "--json"))
    assert one["context"] == "promotions"
    assert one["consumers"][0]["redelivery"]
    refused = takeaway("status", "promotion")
    assert refused.returncode == 2
    assert "those that are: analytics, bus, console, orders, promotions" in refused.stderr


def test_orders_are_found_without_their_ids(takeaway: Takeaway, customer: Customer) -> None:
    order_id = takeaway("order", EXAMPLE, "--sub", customer.id).stdout.strip()
    assert json_of(takeaway("show", "last", "--json"))["order_id"] == order_id
    assert json_of(takeaway("show", order_id[:13], "--json"))["order_id"] == order_id
    (listed,) = json_of(takeaway("orders", "--customer", customer.id, "--json"))
    assert listed["order_id"] == order_id
    assert order_id in [each["order_id"] for each in json_of(takeaway("orders", "--limit", "1000", "--json"))]
    assert order_id[:8] in takeaway("orders", "--customer", customer.id).stdout
    assert json_of(takeaway("accept", "last", "--json"))["decision"] == "accepted"


def test_a_journey_is_followed_to_what_one_waits_for(
    takeaway: Takeaway, customer: Customer, restaurant: Restaurant
) -> None:
    order_id = customer.places()
    restaurant.accepts(order_id)
    followed = takeaway("journey", order_id, "--follow", "--until", "user_notified", "--json").stdout.splitlines()
    assert "order_accepted" in [json.loads(line)["what"] for line in followed]
    told = json_of(takeaway("journey", order_id, "--who", "bus", "--json"))
    assert {moment["actor"] for moment in told["moments"]} == {"bus"}
    refused = takeaway("journey", order_id, "--who", "nobody")
    assert (refused.returncode, "expected one of workflow, orders, bus" in refused.stderr) == (2, True)


@pytest.mark.usefixtures("logs")
def test_logs_of_a_context_are_those_about_an_order(takeaway: Takeaway, customer: Customer) -> None:
    order_id = customer.places()
    eventually(lambda: "place_order done" in takeaway("logs", "orders", "--order", order_id[:13]).stdout, "a line")
    lines = takeaway("logs", "orders", "--order", order_id, "--json").stdout.splitlines()
    assert {json.loads(line)["order_id"] for line in lines} == {order_id}
    assert "promotions has logged nothing of order" in takeaway("logs", "promotions", "--order", order_id).stderr
    assert takeaway("logs", "promotion").returncode == 2


def test_a_token_is_all_that_is_printed(takeaway: Takeaway, system: System) -> None:
    done = takeaway("token", "--role", "restaurant", "--restaurant", "trattoria-roma")
    claims = jwt.decode(done.stdout.strip(), options={"verify_signature": False})
    assert (claims["role"], claims["restaurant_id"]) == ("restaurant", "trattoria-roma")
    assert claims["iss"] == system.stacks.output("orders", "OidcIssuer")
    answer = json_of(takeaway("token", "--role", "customer", "--sub", "anna", "--ttl", "60", "--json"))
    claims = jwt.decode(answer["token"], options={"verify_signature": False})
    assert (claims["sub"], claims["exp"] - claims["iat"], answer["expires_in"]) == ("anna", 60, 60)


def test_a_second_up_finds_the_running_system_and_changes_nothing(takeaway: Takeaway) -> None:
    done = takeaway("up")
    assert done.returncode == 0, done.stderr
    assert "nothing has changed" in done.stderr
    assert "deploying" not in done.stderr


def test_a_command_that_deploys_waits_for_the_one_at_work_and_names_it(
    environment: dict[str, str], system: System
) -> None:
    with system.target.home.turn("takeaway up --stage anna", pytest.fail):
        waiting = subprocess.Popen([TAKEAWAY, "up"], env=environment, stderr=subprocess.PIPE, text=True)
        assert waiting.stderr
        assert "takeaway up --stage anna (process " in waiting.stderr.readline()
        assert waiting.poll() is None
    _, said = waiting.communicate(timeout=120)
    assert waiting.returncode == 0, said
    assert "nothing has changed" in said


def test_after_a_change_only_what_changed_is_deployed(system: System, tmp_path: Path) -> None:
    parameters = Parameters(stage=system.target.stage, accept_timeout=accept_timeout())
    assembly = synthesize(system.target, context_of(system.target, parameters)).folder
    changed_stack = f"{system.target.prefix}-promotions"
    change_a_function(assembly, changed_stack)
    changed: dict[str, bool] = {}

    def told(stack: str, is_new: bool) -> None:
        changed[stack] = is_new

    log, tags = tmp_path / "deploy.log", tags_of(system.target)
    cdk.deploy(assembly, system.target.environment(), log=log, tags=tags, on_stack=told)
    assert changed == {stack.name: stack.name == changed_stack for stack in system.stacks.by_context.values()}


def change_a_function(assembly: Path, stack: str) -> None:
    """Change a template as a synthesis after a change would: other content, another hash."""
    file = assembly / f"{stack}.template.json"
    template = json.loads(file.read_text())
    (function,) = [each for each in template["Resources"].values() if each["Type"] == "AWS::Lambda::Function"]
    function["Properties"]["Description"] = "Changed by a test"
    file.write_text(json.dumps(template))
    assets = json.loads((assembly / f"{stack}.assets.json").read_text())["files"]
    (before,) = [hash_ for hash_, asset in assets.items() if asset["source"].get("path") == file.name]
    after = hashlib.sha256(file.read_bytes()).hexdigest()
    for referring in (assembly / f"{stack}.assets.json", assembly / "manifest.json"):
        referring.write_text(referring.read_text().replace(before, after))


def test_a_customer_is_forgotten_and_what_remains_is_told(system: System, takeaway: Takeaway) -> None:
    customer, restaurant = Customer(system, f"customer-{uuid4().hex[:8]}"), Restaurant(system)
    closed, still_open = customer.places(), customer.places()
    restaurant.rejects(closed, "closed")
    customer.waits_for(closed, "REJECTED")
    refused = takeaway("forget", customer.id)
    assert (refused.returncode, "--yes" in refused.stderr) == (2, True)
    done = json.loads(takeaway("forget", customer.id, "--yes", "--json").stdout)
    assert (done["erased"], done["still_open"]) == ([closed], [still_open])
    assert {"name and e-mail address", "all of an order"} <= {each["what"] for each in done["remains"]}
    assert all(each["where"] and each["until"] for each in done["remains"])
    assert (
        system.api.request("GET", f"/{closed}", headers={"Authorization": f"Bearer {customer.token}"}).status_code
        == 404
    )
    assert closed not in json_of(takeaway("forget", customer.id, "--yes", "--json"))["erased"]
    assert "backups of the table" in takeaway("forget", customer.id, "--yes").stdout
