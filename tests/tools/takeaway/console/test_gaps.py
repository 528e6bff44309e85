"""The console on an engine that lacks something: its pages say so, and offer nothing that is not possible there."""

import json
import re
from types import SimpleNamespace
from typing import Any, cast

import pytest

from takeaway.errors import Refused
from takeaway.paths import REPOSITORY
from takeaway.run.client import replay
from takeaway.run.client.system import System
from takeaway.run.console import acts, pages
from takeaway.run.console.rooms import Depths
from takeaway.run.console.scenarios import STORIES
from takeaway.run.deploy import up
from takeaway.run.deploy.all_wirings import stage_of
from takeaway.run.engine.kinds import EngineKind, traits_of
from takeaway.wiring import Wiring

SHARED = {"page": "wirings", "stage": "dev", "token": "", "read_only": ""}
LOCALSTACK, EMBEDDED = EngineKind.LOCALSTACK, EngineKind.MINISTACK


def stopped(kind: EngineKind, execution: str = "RUNNING") -> str:
    """Return what is said to an operator who has stopped an execution."""
    workflow = SimpleNamespace(stop=lambda _, why: why, status=lambda _: execution)
    system = SimpleNamespace(workflow=workflow, target=SimpleNamespace(traits=traits_of(kind)))
    return acts.done(cast(System, system), "an-order", acts.STOP, reason=None)


def test_nobody_is_told_of_an_end_where_a_wait_goes_on_after_a_stop() -> None:
    assert stopped(EMBEDDED).startswith("The execution is stopped")
    assert stopped(LOCALSTACK).startswith("LocalStack was asked to stop the execution; one that waits")


@pytest.mark.parametrize("execution", ["SUCCEEDED", "FAILED", ""])
def test_an_execution_that_does_not_run_is_not_stopped_and_the_engine_is_not_blamed(execution: str) -> None:
    with pytest.raises(Refused, match="There is nothing to stop: no execution of this order runs"):
        stopped(EMBEDDED, execution)


@pytest.mark.parametrize(("kind", "offered"), [(EMBEDDED, True), (LOCALSTACK, False)])
def test_a_replay_is_offered_where_there_are_some_and_missed_elsewhere(kind: EngineKind, *, offered: bool) -> None:
    contexts = {"promotions": Depths(0, 0, is_out=False)}
    html = pages.page(
        "operate_body.html", contexts=contexts, journal="console", minutes=(15,), stage="dev",
        no_replays=replay.why_not(traits_of(kind)),
    )  # fmt: skip
    assert ("/operate/promotions/replay" in html) is offered
    assert ("LocalStack can&#39;t replay events to one context" in html) is not offered


def columns(kind: EngineKind) -> dict[Wiring, tuple[Any, ...]]:
    """Return the columns of an engine on which nothing is deployed."""
    return {wiring: (None, None, stage_of(wiring), up.why_not(traits_of(kind), wiring)) for wiring in Wiring}


def test_nobody_is_told_to_deploy_a_wiring_that_the_engine_refuses() -> None:
    advice = "--system durable"
    assert advice in pages.page("wirings.html", columns=columns(EMBEDDED), stories=STORIES, **SHARED)
    there = pages.page("wirings.html", columns=columns(LOCALSTACK), stories=STORIES, **SHARED)
    assert advice not in there
    assert "It can’t be deployed here: LocalStack has no durable functions." in there
    assert there.count("It is not deployed here.") == len(Wiring) - 1


def test_a_reason_that_the_page_lets_somebody_type_is_not_too_long_for_the_api() -> None:
    api = json.loads((REPOSITORY / "docs/generated/openapi.json").read_text(encoding="utf-8"))
    template = (pages.FOLDER / "templates/order_body.html").read_text(encoding="utf-8")
    typed = re.search(r'name="reason"[^>]*maxlength="(\d+)"', template)
    assert typed
    assert int(typed[1]) == api["components"]["schemas"]["RejectBody"]["properties"]["reason"]["maxLength"]
