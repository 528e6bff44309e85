"""Orders that are open while orders itself is deployed: each ends as was decided, with each of its events once."""

import subprocess
from pathlib import Path

import pytest

from takeaway.run.client.system import System
from takeaway.run.client.target import Target
from takeaway.run.lab.folder import SOMEBODY
from tests.fakes.runbooks import said_under
from tests.system.e2e.fraud_checking import TOO_MUCH, begin_to_check, stop_at_once, stop_by_the_recipe
from tests.system.e2e.lives import Life, takeaway, workflow
from tests.system.e2e.renaming import answer_within, go_back, rename
from tests.system.e2e.test_teams import plain_cdk
from tools.copies import copy_repository

# Each test deploys orders two or three times, which takes minutes on a slow engine.
pytestmark = [pytest.mark.engine, pytest.mark.own_stage, pytest.mark.timeout(900)]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    return copy_repository(tmp_path / "my checkout")


def committed(checkout: Path) -> str:
    """Commit the checkout as it is, and return the commit's name."""
    for words in (["init", "--quiet"], ["add", "--all"], [*SOMEBODY, "commit", "--quiet", "-m", "As it is live"]):
        subprocess.run(["git", *words], cwd=checkout, check=True)
    return "HEAD"


@pytest.mark.every_engine
def test_open_orders_survive_a_renamed_step_another_timeout_a_new_value_and_the_way_back(
    teams: System, target: Target, checkout: Path, tmp_path: Path
) -> None:
    deciding, refused, cooking = (Life.begun(teams) for _ in range(3))
    for life in (deciding, refused):
        life.waits_for_decision()
    cooking.waits_for_completion()
    rename(checkout, keep_old=True)
    answer_within(checkout, 3000)
    compared = workflow("diff --deployed", checkout, target)
    assert compared.returncode == 0, compared.stdout + compared.stderr
    assert "open executions keep it as it was" in compared.stdout
    assert "Open orders: 2 in Await restaurant decision, 1 in Await completion" in compared.stderr

    placed_meanwhile = Life.begun(teams)  # its steps run while everything under them is replaced
    plain_cdk("deploy", "orders", target, checkout)
    undrained = workflow("drain --within 0", checkout, target)
    assert undrained.returncode == 1
    assert "orders are open that began before" in undrained.stderr
    too_early = copy_repository(tmp_path / "too early")
    rename(too_early, keep_old=False)
    compared = workflow("diff --deployed", too_early, target)
    assert compared.returncode == 1, compared.stderr
    assert "accept_order is gone; it was kept for orders that began before" in compared.stdout
    assert cooking.id in compared.stdout

    younger = [Life.begun(teams).waits_for_decision() for _ in range(2)]
    younger[1].waits_for_completion()
    deciding.is_completed()
    refused.is_rejected()
    go_back(checkout)
    plain_cdk("deploy", "orders", target, checkout)
    for life in (cooking, placed_meanwhile, *younger):
        life.is_completed()
    drained = workflow("drain --within 60", checkout, target)
    assert drained.returncode == 0, drained.stderr


@pytest.mark.teaching
def test_a_step_that_is_renamed_at_once_loses_the_orders_that_come_to_it_until_the_runbook_brings_it_back(
    teams: System, target: Target, checkout: Path, tmp_path: Path
) -> None:
    deciding, late = (Life.begun(teams).waits_for_decision() for _ in range(2))
    cooking = Life.begun(teams).waits_for_completion()
    before = committed(checkout)
    rename(checkout, keep_old=False)
    compared = workflow("diff --deployed", checkout, target)
    assert compared.returncode == 1
    assert "Accept order calls accept_order, which is gone" in compared.stdout
    assert "open orders that come to it: " in compared.stdout
    assert [life.id in compared.stdout for life in (deciding, late, cooking)] == [True, True, False]

    plain_cdk("deploy", "orders", target, checkout)  # all the same
    deciding.restaurant.accepts(deciding.id)
    deciding.customer.waits_for(deciding.id, "FAILED")
    cooking.is_completed()

    asks, brings_back, lists, waits = said_under("orders", "A deployment went wrong while orders are open")
    missing = takeaway([before if word == "BEFORE" else word for word in asks], checkout, target)
    assert "Accept order calls accept_order, which is gone" in missing.stdout
    mended = copy_repository(tmp_path / "mended")
    rename(mended, keep_old=True)
    assert brings_back == ["takeaway", "deploy", "orders"]
    plain_cdk("deploy", "orders", target, mended)
    late.is_completed()
    assert deciding.id in takeaway([*lists, "--json"], mended, target).stdout
    drained = takeaway([*waits, "--within", "60"], mended, target)
    assert drained.returncode == 0, drained.stderr


@pytest.mark.every_engine
@pytest.mark.teaching
def test_open_orders_survive_the_fraud_check_and_its_removal(teams: System, target: Target, checkout: Path) -> None:
    deciding, cooking = Life.begun(teams).waits_for_decision(), Life.begun(teams).waits_for_completion()
    begin_to_check(checkout)
    plain_cdk("deploy", "orders", target, checkout)
    deciding.is_completed()
    sound, fraudulent = Life.begun(teams), Life.begun(teams, **TOO_MUCH)
    for life in (sound, fraudulent):
        life.waits_for_decision()

    stop_at_once(checkout)
    compared = workflow("diff --deployed", checkout, target)
    assert compared.returncode == 1
    assert "Check order calls check_order, which is gone" in compared.stdout
    begin_to_check(checkout)
    stop_by_the_recipe(checkout)
    compared = workflow("diff --deployed", checkout, target)
    assert compared.returncode == 0, compared.stdout + compared.stderr
    plain_cdk("deploy", "orders", target, checkout)
    for life in (cooking, sound):
        life.is_completed()
    fraudulent.is_refused_as_fraud()
    drained = workflow("drain --within 60", checkout, target)
    assert drained.returncode == 0, drained.stderr
