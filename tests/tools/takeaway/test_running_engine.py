"""The engine that a deployment goes to, and when it is stopped again."""

import pytest

from takeaway.errors import DeploymentFailed, NoRunningSystem, SynthesisRefused, TakeawayError, UsageError
from takeaway.run.client.target import Target
from takeaway.run.deploy.running import found_or_started
from takeaway.run.engine.home import EngineRecord, Home


def nothing_runs() -> Target:
    raise NoRunningSystem


@pytest.fixture
def stopped(monkeypatch: pytest.MonkeyPatch) -> list[EngineRecord]:
    """Start no real engine. Returns the engines that were stopped."""
    stopped: list[EngineRecord] = []
    monkeypatch.setattr("takeaway.run.engine.process.start", lambda home, port, stage: EngineRecord(1, port, stage))
    monkeypatch.setattr("takeaway.run.engine.process.stop", lambda home, record: stopped.append(record))
    return stopped


def test_an_engine_that_was_started_is_stopped_when_its_deployment_is_interrupted(
    home: Home, stopped: list[EngineRecord]
) -> None:
    with (
        pytest.raises(KeyboardInterrupt, match=r"the engine that was started for it \(process 1\) is stopped again"),
        found_or_started(nothing_runs, home=home, port=4567, stage="dev") as (target, started),
    ):
        raise KeyboardInterrupt
    assert stopped == [started]
    assert target.endpoint == "http://127.0.0.1:4567"


def test_it_stays_when_the_deployment_fails_and_can_be_tried_again(home: Home, stopped: list[EngineRecord]) -> None:
    with pytest.raises(DeploymentFailed), found_or_started(nothing_runs, home=home, port=None, stage=None):
        raise DeploymentFailed("no such stack")
    assert stopped == []


@pytest.mark.parametrize("refusal", [UsageError("it needs takeaway-dev-bus"), SynthesisRefused("stage: expected …")])
def test_it_is_stopped_when_what_it_was_started_for_makes_no_sense(
    home: Home, stopped: list[EngineRecord], refusal: TakeawayError
) -> None:
    with (
        pytest.raises(type(refusal)),
        found_or_started(nothing_runs, home=home, port=None, stage=None) as (_, started),
    ):
        raise refusal
    assert stopped == [started]


def test_an_engine_that_runs_already_stays_whatever_is_refused(home: Home, stopped: list[EngineRecord]) -> None:
    there = Target(home, "dev", endpoint="http://127.0.0.1:4566")
    with pytest.raises(UsageError), found_or_started(lambda: there, home=home, port=None, stage=None):
        raise UsageError("There is no context 'loyalty'")
    assert stopped == []


def test_an_interrupt_between_the_start_of_an_engine_and_its_first_use_stops_it(
    home: Home, stopped: list[EngineRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(home: Home, port: int, stage: str) -> EngineRecord:
        monkeypatch.setattr(home, "running", lambda: EngineRecord(7, port, stage))
        raise KeyboardInterrupt

    monkeypatch.setattr("takeaway.run.engine.process.start", interrupted)
    with pytest.raises(KeyboardInterrupt), found_or_started(nothing_runs, home=home, port=None, stage=None):
        pass
    assert [record.pid for record in stopped] == [7]


def test_that_one_ran_before_and_died_is_told_before_another_is_started(
    home: Home, stopped: list[EngineRecord]
) -> None:
    told: list[str] = []
    home.folder.mkdir(parents=True)
    home.remember(EngineRecord(4711, 4566, "dev"))
    with found_or_started(nothing_runs, home=home, port=None, stage=None, told=told.append):
        pass
    assert told == [f"The engine (process 4711) died; its orders are gone; its log: {home.log_of_dead}"]


def test_an_engine_that_runs_is_found_and_never_stopped(home: Home, stopped: list[EngineRecord]) -> None:
    there = Target(home, "dev", endpoint="http://127.0.0.1:4566")
    with (
        pytest.raises(KeyboardInterrupt, match="what ran before runs on"),
        found_or_started(lambda: there, home=home, port=4566, stage=None) as (target, _),
    ):
        raise KeyboardInterrupt
    assert target is there
    assert stopped == []


def test_another_port_than_that_of_the_engine_that_runs_is_refused(home: Home) -> None:
    there = Target(home, "dev", endpoint="http://127.0.0.1:4566")
    with (
        pytest.raises(UsageError, match="takeaway down"),
        found_or_started(lambda: there, home=home, port=4567, stage=None),
    ):
        pass
