"""Which engine a deployment goes to, and when it is stopped again."""

import pytest

from takeaway.client.target import Target
from takeaway.deploy.running import found_or_started
from takeaway.engine.home import EngineRecord, Home
from takeaway.errors import DeploymentFailed, NoRunningSystem, UsageError


def nothing_runs() -> Target:
    raise NoRunningSystem


@pytest.fixture
def stopped(monkeypatch: pytest.MonkeyPatch) -> list[EngineRecord]:
    """Engines are only thought of; those that were stopped."""
    stopped: list[EngineRecord] = []
    monkeypatch.setattr("takeaway.engine.process.start", lambda home, port, stage: EngineRecord(1, port, stage))
    monkeypatch.setattr("takeaway.engine.process.stop", lambda home, record: stopped.append(record))
    return stopped


def test_an_engine_that_was_started_is_stopped_when_its_deployment_is_interrupted(
    home: Home, stopped: list[EngineRecord]
) -> None:
    with (
        pytest.raises(KeyboardInterrupt),
        found_or_started(nothing_runs, home=home, port=4567, stage="dev") as engine,
    ):
        raise KeyboardInterrupt
    assert stopped == [engine.started]
    assert engine.target.endpoint == "http://127.0.0.1:4567"


def test_it_stays_when_the_deployment_fails_and_can_be_tried_again(home: Home, stopped: list[EngineRecord]) -> None:
    with pytest.raises(DeploymentFailed), found_or_started(nothing_runs, home=home, port=None, stage=None):
        raise DeploymentFailed("no such stack")
    assert stopped == []


def test_an_engine_that_runs_is_found_and_never_stopped(home: Home, stopped: list[EngineRecord]) -> None:
    there = Target(home, "dev", endpoint="http://127.0.0.1:4566")
    with (
        pytest.raises(KeyboardInterrupt),
        found_or_started(lambda: there, home=home, port=4566, stage=None) as engine,
    ):
        raise KeyboardInterrupt
    assert engine.target is there
    assert stopped == []


def test_another_port_than_that_of_the_engine_that_runs_is_refused(home: Home) -> None:
    there = Target(home, "dev", endpoint="http://127.0.0.1:4566")
    with (
        pytest.raises(UsageError, match="takeaway down"),
        found_or_started(lambda: there, home=home, port=4567, stage=None),
    ):
        pass
