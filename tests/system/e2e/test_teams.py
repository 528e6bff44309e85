"""Teams that deploy alone: one team's deployment does not disturb the others. On a stage of its own."""

import shutil
import subprocess
import zipfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from shared.infrastructure.packing import pack
from takeaway.paths import CDK, REPOSITORY
from takeaway.run.cli.report import make_report
from takeaway.run.client.readers import Voucher
from takeaway.run.client.replay import replay_of
from takeaway.run.client.system import System
from takeaway.run.client.target import Target
from takeaway.run.deploy import alone, cdk, engine_gaps
from takeaway.run.deploy.deployment import context_of
from takeaway.run.deploy.tools import local_environment
from takeaway.waiting_shown import without_waits
from tests.conftest import Silent
from tests.fakes.people import Customer, Restaurant, eventually
from tests.system.e2e.conftest import TEAMS
from tests.system.e2e.leftovers import left_of

pytestmark = [pytest.mark.engine, pytest.mark.own_stage]
NOT_SOURCES = shutil.ignore_patterns(".*", "node_modules", "cdk.out", "tests", "docs", "__pycache__")
BEFORE, AFTER = 190, 380  # 10 % and 20 % of 19.00 EUR


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a copy of the repository for a team that is about to change something."""
    folder = tmp_path / "checkout"
    shutil.copytree(REPOSITORY, folder, ignore=NOT_SOURCES)
    return folder


def plain_cdk(command: str, context: str, target: Target, checkout: Path) -> str:
    """Run the CDK CLI as a team does in the folder of its context. Returns its output."""
    parameters = [f"--context={name}={value}" for name, value in context_of(target, TEAMS).items()]
    environment = local_environment({**cdk.QUIET, **target.environment()})
    arguments = [str(CDK), command, *parameters, *cdk.CALM, "--require-approval", "never"]
    folder = checkout / "contexts" / context
    done = subprocess.run(
        arguments, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + without_waits(done.stderr)


def deployed(target: Target, context: str) -> dict[str, Any]:
    """Return everything that shows whether a stack was touched, from its events to the code of its functions."""
    cloudformation, name = target.client("cloudformation"), f"{target.prefix}-{context}"
    (stack,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
    pages = target.client("lambda").get_paginator("list_functions").paginate()
    return {
        "stack": stack,
        "events": len(cloudformation.describe_stack_events(StackName=name)["StackEvents"]),
        "template": cloudformation.get_template(StackName=name)["TemplateBody"],
        "functions": {
            function["FunctionName"]: (function["CodeSha256"], function["LastModified"])
            for page in pages
            for function in page["Functions"]
            if function["FunctionName"].startswith(f"{name}-")
        },
    }


def double_the_vouchers(checkout: Path) -> None:
    policy = checkout / "contexts/promotions/voucher_policy.toml"
    before = policy.read_text()
    policy.write_text(before.replace("percent = 10", "percent = 20"))
    assert policy.read_text() != before


@dataclass(frozen=True)
class Order:
    """An order that earns a voucher, of a new customer."""

    customer: Customer
    restaurant: Restaurant
    id: str

    @classmethod
    def placed(cls, teams: System, **changes: Any) -> "Order":
        customer = Customer(teams, f"customer-{uuid4().hex[:8]}")
        return cls(customer, Restaurant(teams), customer.places(**changes))

    def is_accepted(self) -> None:
        self.restaurant.accepts(self.id)
        self.customer.waits_for(self.id, "ACCEPTED")

    def is_delivered(self) -> None:
        self.restaurant.delivers(self.id)
        self.customer.waits_for(self.id, "COMPLETED")

    def voucher(self, teams: System) -> Voucher:
        return eventually(lambda: teams.vouchers.of_order(self.id), f"a voucher for order {self.id}")


def completed(teams: System) -> Order:
    order = Order.placed(teams)
    order.is_accepted()
    order.is_delivered()
    return order


def test_promotions_is_changed_and_deployed_while_orders_are_in_flight(
    teams: System, target: Target, checkout: Path
) -> None:
    assert completed(teams).voucher(teams).amount == BEFORE
    waiting, cooked = Order.placed(teams), Order.placed(teams)
    cooked.is_accepted()
    others = sorted({*teams.stacks.by_context} - {"promotions"})
    before = {each: deployed(target, each) for each in others}

    double_the_vouchers(checkout)
    with ThreadPoolExecutor(1) as pool:
        deployment = pool.submit(plain_cdk, "deploy", "promotions", target, checkout)
        late = Order.placed(teams)
        late.is_accepted()
        said = deployment.result()

    # nothing of another context was built, deployed or changed
    assert [each for each in ("promotions", *others) if f"takeaway-teams-{each}" in said] == ["promotions"]
    made = checkout / "contexts/promotions/cdk.out"
    assert [file.name for file in made.glob("*.template.json")] == ["takeaway-teams-promotions.template.json"]
    (bundle,) = made.glob("bundle.*.zip")
    assert {name.split("/")[1] for name in zipfile.ZipFile(bundle).namelist()} == {"__init__.py", "promotions"}
    assert {each: deployed(target, each) for each in others} == before

    # no order was disturbed
    waiting.is_accepted()
    for order in (waiting, cooked, late):
        order.is_delivered()
        assert order.voucher(teams).amount == AFTER
        assert eventually(lambda id_=order.id: ended(teams, id_), "the end of its workflow") == "SUCCEEDED"


def ended(teams: System, order_id: str) -> str | None:
    status = teams.workflow.status(order_id)
    return status if status != "RUNNING" else None


def test_an_assembly_that_was_packed_is_deployed_from_elsewhere_after_its_sources_are_gone(
    teams: System, target: Target, checkout: Path, tmp_path: Path
) -> None:
    """Like the pipeline: synthesized once, kept, and deployed by a job that has nothing else."""
    double_the_vouchers(checkout)
    plain_cdk("synth", "promotions", target, checkout)
    made = checkout / "contexts/promotions/cdk.out"
    pack(made)
    kept = Path(shutil.move(made, tmp_path / "kept"))
    shutil.rmtree(checkout)
    command = [str(CDK), "deploy", "takeaway-teams-promotions", "--app", str(kept), *cdk.CALM]
    environment = local_environment({**cdk.QUIET, **target.environment()})
    done = subprocess.run(
        [*command, "--require-approval", "never"], cwd=tmp_path, env=environment, capture_output=True, text=True,
        check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert completed(teams).voucher(teams).amount == AFTER


@pytest.mark.usefixtures("replays")
def test_analytics_is_destroyed_comes_back_and_hears_of_what_it_missed(teams: System, target: Target) -> None:
    completed(teams)
    before = deployed(target, "orders")

    alone.destroy(target, "analytics", Silent())
    assert teams.lake.bucket not in [bucket["Name"] for bucket in target.client("s3").list_buckets()["Buckets"]]
    missed = completed(teams)
    assert missed.voucher(teams)

    alone.deploy(target, "analytics", TEAMS, Silent())
    assert deployed(target, "orders") == before
    completed(teams).voucher(teams)
    vouchers = teams.vouchers.all()

    again, now = System(target), datetime.now(UTC)  # the stage has a new lake
    everything = replay_of(
        again.subscription("analytics"), again.stacks.output("bus", "BusName"), start=now - timedelta(hours=1), end=now
    )
    everything.run(lambda _: None)
    orders = target.client("dynamodb").scan(TableName=teams.stacks.output("orders", "OrdersTable"))["Items"]
    every = Counter(order["status"]["S"] for order in orders)
    assert eventually(lambda: make_report(again).orders_by_status == every, f"a report of {every}")
    assert teams.vouchers.all() == vouchers


def test_stages_side_by_side_hear_nothing_of_each_other(teams: System, system: System) -> None:
    order = completed(teams)
    assert order.voucher(teams)
    assert eventually(lambda: teams.journal.of_order(order.id), "entries where it was placed")
    assert system.vouchers.of_order(order.id) is None
    assert system.journal.of_order(order.id) == []
    assert order.id not in {line.order_id for line in system.lake.lines([datetime.now(UTC).date()])}


@pytest.fixture
def gone(teams: System, target: Target) -> None:
    """Destroy the whole stage in order, although its stacks are full of data."""
    command = [
        str(CDK),
        "destroy",
        "--all",
        "--force",
        "--app",
        str(target.home.last_assembly(target.stage)),
        *cdk.CALM,
    ]
    environment = local_environment({**cdk.QUIET, **target.environment()})
    subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=120)


@pytest.mark.usefixtures("gone")
def test_a_stage_that_is_destroyed_leaves_nothing_behind(target: Target) -> None:
    engine_gaps.take_back(target, "bus")
    issuer = {f"{target.prefix}-issuer"}  # belongs to the local issuer, not to a stack
    assert left_of(target) - issuer == set()
