"""takeaway prove: its questions and refusals, the clean-up and record however it ends, and the differences."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jwt
import pytest

from takeaway.check.prove import permitted, proving, record, stage
from takeaway.check.prove.differences import differences
from takeaway.check.prove.page import page
from takeaway.check.prove.permitted import CUSTOMER, RESTAURANT
from takeaway.check.prove.plainly import plainly
from takeaway.check.prove.record import Evidence, Order, Step
from takeaway.check.prove.steps import ANSWERED, COMPLETED, EXPIRED, STEPS, STOPPED, Alive, promises, way_of
from takeaway.errors import DeploymentFailed, TakeawayError, UsageError
from takeaway.run.client.outputs import Stack, Stacks
from takeaway.run.client.target import Target
from takeaway.run.deploy.parameters import Parameters
from takeaway.run.engine.home import Home
from tests.conftest import Silent

ISSUER, AUDIENCE = "https://issuer.example", "app"
BEGAN = datetime(2026, 11, 29, 9, tzinfo=UTC)


def token(**claims: Any) -> str:
    held = {"iss": ISSUER, "aud": AUDIENCE, "exp": time.time() + 7200, "role": "customer", "email_verified": True}
    return jwt.encode({**held, "email": "ada@example.com", **claims}, "0" * 32)


def tokens(**changes: Any) -> dict[str, str]:
    return {CUSTOMER: token(**changes), RESTAURANT: token(role="restaurant", restaurant_id="trattoria-roma")}


def test_on_aws_all_that_is_missing_is_told_at_once() -> None:
    with pytest.raises(UsageError, match=f"Missing: --issuer, --audience, {CUSTOMER}, {RESTAURANT}"):
        permitted.given(None, None, {})
    with pytest.raises(UsageError, match=rf"Missing: {RESTAURANT}\."):
        permitted.given(ISSUER, AUDIENCE, {CUSTOMER: "x"})


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"iss": "https://other.example"}, "claim iss"),
        ({"aud": "other"}, "claim aud"),
        ({"role": "restaurant"}, "'customer' as the claim role"),
        ({"email": ""}, "claim email"),
        ({"email_verified": False}, "claim email_verified"),
        ({"exp": time.time() + 600}, "45 minutes"),
        ({"exp": 0}, "45 minutes"),
    ],
)
def test_nothing_is_deployed_for_a_token_that_would_not_hold(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(UsageError, match=f"{CUSTOMER}.*{told}"):
        permitted.given(ISSUER, AUDIENCE, tokens(**changes))


def test_a_text_that_is_no_token_is_told_without_showing_it() -> None:
    with pytest.raises(UsageError, match=f"{CUSTOMER}: expected a signed JWT") as refused:
        permitted.given(ISSUER, AUDIENCE, tokens() | {CUSTOMER: "opaque"})
    assert "opaque" not in str(refused.value)


def test_two_tokens_are_those_of_two_people() -> None:
    brought = tokens()
    given = permitted.given(ISSUER, AUDIENCE, brought)
    assert given.customer("whoever") == brought[CUSTOMER]
    assert given.restaurant(given.restaurant_id) == brought[RESTAURANT]
    assert given.restaurant_id == "trattoria-roma"


class Account:
    """Security tokens of AWS, and CloudFormation in a region."""

    class meta:  # noqa: N801 - as boto3 has it
        region_name = "eu-central-1"

    def get_caller_identity(self) -> dict[str, str]:
        return {"Account": "123456789012"}


def test_where_nobody_can_be_asked_the_cost_is_told_and_nothing_done(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("takeaway.run.cli.asking.is_somebody_there", lambda: False)
    account = Account()
    with pytest.raises(UsageError, match=r"123456789012 in eu-central-1.*less than 1 USD.*--yes says yes"):
        permitted.ask(Target(home, "proved", _clients={"sts": account, "cloudformation": account}))


def test_somebody_who_is_there_is_asked(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr("takeaway.run.cli.asking.is_somebody_there", lambda: True)
    monkeypatch.setattr("typer.confirm", lambda question, **_: asked.append(question))
    account = Account()
    permitted.ask(Target(home, "proved", _clients={"sts": account, "cloudformation": account}))
    (question,) = asked
    assert "stage proved" in question
    assert question.endswith("Go on?")


@pytest.mark.parametrize("name", ["file", "file/below"])
def test_a_folder_that_can_not_be_written_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="--into: expected a folder that can be written"):
        record.refuse_what_can_not_be_written(tmp_path / name)


def test_a_folder_that_is_not_there_yet_can_be_written(tmp_path: Path) -> None:
    record.refuse_what_can_not_be_written(tmp_path / "new/evidence")
    assert list((tmp_path / "new/evidence").iterdir()) == []


# a stage


class Engine:
    """The stacks of a stage: some are being made, some can't be deleted."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, stay: Mapping[str, str] | None = None) -> None:
        self.needs = {"bus": "", "orders": "bus", "promotions": "bus", "console": "bus"}
        self.gone: list[str] = []
        self.busy, self.stay = 2, stay or {}
        monkeypatch.setattr(stage.outputs, "read", lambda _: self.read())
        monkeypatch.setattr(stage, "remove", self.remove)
        monkeypatch.setattr("takeaway.waiting.POLL_SECONDS", 0)

    def read(self) -> Stacks:
        self.busy -= 1
        status = "CREATE_IN_PROGRESS" if self.busy >= 0 else "CREATE_COMPLETE"
        there = {name: Stack(name, status, {"Needs": needs} if needs else {}) for name, needs in self.needs.items()}
        return Stacks({name: each for name, each in there.items() if name not in self.gone})

    def remove(self, _: Target, name: str, __: object) -> None:
        assert self.busy < 0, "what is being made comes back"
        if name in self.stay:
            raise DeploymentFailed(self.stay[name])
        self.gone.append(name)


class Logs:
    """CloudWatch with a log group that a function has created again."""

    class exceptions:  # noqa: N801 - as botocore has it
        class ResourceNotFoundException(Exception): ...

    def __init__(self) -> None:
        self.groups = ["/aws/lambda/takeaway-proved-orders-api"]

    def get_paginator(self, _: str) -> "Logs":
        return self

    def paginate(self, logGroupNamePrefix: str) -> list[Any]:  # noqa: N803 - as boto3 has it
        return [{"logGroups": [{"logGroupName": name} for name in self.groups if name.startswith(logGroupNamePrefix)]}]

    def delete_log_group(self, logGroupName: str) -> None:  # noqa: N803 - as boto3 has it
        self.groups.remove(logGroupName)


def on_aws(home: Home, logs: Logs) -> Target:
    return Target(home, "proved", _clients={"logs": logs})


def test_everything_goes_the_bus_last_and_nothing_while_it_is_made(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    engine, logs = Engine(monkeypatch), Logs()
    assert stage.take_away(on_aws(home, logs), Silent()) == []
    assert sorted(engine.gone) == sorted(engine.needs)
    assert engine.gone[-1] == "bus"
    assert logs.groups == []


def test_what_can_not_be_destroyed_is_told_and_the_rest_goes(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine(monkeypatch, stay={"orders": "it is protected\nand more"})
    assert stage.take_away(on_aws(home, Logs()), Silent()) == ["takeaway-proved-orders: it is protected"]
    assert {"promotions", "console", "bus"} == set(engine.gone)


def test_a_stage_that_is_there_is_refused(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    Engine(monkeypatch)
    with pytest.raises(UsageError, match="Stage proved is there already"):
        stage.refuse_one_that_is_there(on_aws(home, Logs()))


# a run


class People:
    """A system that offers only these people."""

    tokens = None

    def __init__(self, _: Target) -> None: ...


def proved(
    home: Home, monkeypatch: pytest.MonkeyPatch, left: list[str], **steps: Callable[[Alive, Step], None]
) -> tuple[Evidence, BaseException | None]:
    monkeypatch.setattr(proving.stage, "bring", lambda *_, **__: ["takeaway-proved-bus"])
    monkeypatch.setattr(proving.stage, "take_away", lambda *_: left)
    monkeypatch.setattr(proving, "System", People)
    evidence = Evidence(engine="ministack", began_at=BEGAN, stage="proved")
    try:
        proving.prove(Target(home, "proved"), Parameters("proved"), evidence, Silent(), steps=steps)
    except BaseException as error:  # noqa: BLE001 - whatever ends it
        return evidence, error
    return evidence, None


def nothing(_: Alive, __: Step) -> None: ...


def raises(error: BaseException) -> Callable[[Alive, Step], None]:
    def lived(_: Alive, __: Step) -> None:
        raise error

    return lived


def test_what_does_not_come_is_noted_and_the_next_step_begins(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    late = TakeawayError("no answer from https://abc.example/orders in /home/ada/x.log")
    evidence, error = proved(home, monkeypatch, [], first=raises(late), second=nothing)
    assert error is None
    assert [step.name for step in evidence.steps][1:] == ["first", "second", "it is destroyed"]
    assert evidence.wrong == ["first: no answer from (URL) in …/x.log"]
    assert evidence.complete


@pytest.mark.parametrize(
    ("error", "told"), [(KeyboardInterrupt(), "interrupted"), (SystemExit(143), "interrupted"), (KeyError("x"), "'x'")]
)
def test_what_ends_it_half_way_is_written_as_incomplete_when_all_is_destroyed(
    home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: BaseException, told: str
) -> None:
    evidence, ended = proved(home, monkeypatch, [], first=nothing, second=raises(error), third=nothing)
    assert ended is error
    assert [step.name for step in evidence.steps][1:] == ["first", "second", "it is destroyed"]
    assert (evidence.complete, evidence.ended_by, evidence.left) == (False, told, [])
    files = record.write(evidence, page(evidence), tmp_path)
    assert [file.name for file in files] == [
        "2026-11-29-ministack-incomplete.json",
        "2026-11-29-ministack-incomplete.md",
    ]
    assert f"**incomplete: {told}**" in files[1].read_text()
    assert record.latest(tmp_path) is None


def test_what_could_not_be_destroyed_is_in_the_evidence(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    evidence, _ = proved(home, monkeypatch, ["takeaway-proved-bus: no"], first=nothing)
    assert not evidence.complete
    assert "## What could not be destroyed\n\n- takeaway-proved-bus: no" in page(evidence)


# what differs


def lived(name: str) -> Order:
    way = way_of(name)
    return Order(way=name, order_id=f"id-{name}", status=way.status, workflow=way.ends, states=[], events=[*way.events])


def evidence(engine: str = "ministack", **of_outage: Any) -> Evidence:
    orders = [lived(name) for name in (*ANSWERED, EXPIRED)]
    steps = [
        Step(name="ways", began_at=BEGAN, orders=orders),
        Step(name="outage", began_at=BEGAN, **{"figures": {"messages that waited": 1}, **of_outage}),
    ]
    return Evidence(engine=engine, began_at=BEGAN, stage="proved", complete=True, steps=steps)


def test_the_same_differs_in_nothing_whatever_its_times_and_ids() -> None:
    other = evidence("localstack", ids={"queue": "another"}, seconds=99)
    other.steps[0].orders[0].order_id = "another"
    assert differences(other, evidence()) == []


@pytest.mark.parametrize(
    ("of_outage", "told"),
    [
        ({"figures": {"messages that waited": 0}}, "outage: messages that waited: 0, not 1"),
        ({"skipped": "it can't"}, "outage: it can't"),
        ({"name": "other"}, "other: not tried on ministack|outage: did not happen"),
        ({"wrong": ["no voucher"]}, "outage: wrong here alone: no voucher"),
    ],
)
def test_what_a_step_shows_otherwise_is_told(of_outage: dict[str, Any], told: str) -> None:
    name = of_outage.pop("name", "outage")
    other = evidence("localstack", **of_outage)
    other.steps[1].name = name
    assert "|".join(differences(other, evidence())) == told


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"status": "FAILED"}, "status FAILED, not EXPIRED"),
        ({"workflow": "TIMED_OUT"}, "workflow TIMED_OUT, not SUCCEEDED"),
        ({"vouchers": 1}, "vouchers 1, not 0"),
        ({"events": []}, "events none, not order_placed"),
    ],
)
def test_what_an_order_shows_otherwise_is_told(change: dict[str, Any], told: str) -> None:
    other = evidence("localstack")
    other.steps[0].orders[-1] = other.steps[0].orders[-1].model_copy(update=change)
    (sentence,) = differences(other, evidence())
    assert sentence.startswith(f"ways: {EXPIRED}: {told}")


@pytest.mark.parametrize("name", [*ANSWERED, EXPIRED, STOPPED])
def test_an_order_is_held_against_the_rehearsal(name: str) -> None:
    assert promises(lived(name)) == []
    assert promises(lived(name).model_copy(update={"status": "PLACED"})) == [
        f"{name}: status PLACED, expected {way_of(name).status}"
    ]


def test_the_newest_complete_evidence_is_what_others_are_held_against(tmp_path: Path) -> None:
    for day in (28, 29):
        found = evidence()
        found.began_at = found.began_at.replace(day=day)
        record.write(found, page(found), tmp_path)
    latest = record.latest(tmp_path)
    assert latest is not None
    assert latest.name == "2026-11-29-ministack"
    (tmp_path / "2026-11-30-ministack.json").write_text("{}")
    with pytest.raises(UsageError, match="is no evidence"):
        record.latest(tmp_path)


def test_a_page_has_each_step_with_its_ids_and_each_order() -> None:
    other = evidence("localstack", ids={"queue": "takeaway-q"}, wrong=["no voucher"])
    other.compared_with, other.differs = "2026-11-28-ministack", ["ways: rejected: status PLACED, not REJECTED"]
    written = page(other)
    assert "| outage | 09:00:00 | 0 s | queue takeaway-q; messages that waited 1; **no voucher** |" in written
    assert f"| {COMPLETED} | id-{COMPLETED} | COMPLETED | SUCCEEDED |" in written
    assert "nothing here is from AWS" in written
    assert "`docs/evidence/2026-11-28-ministack`:\n\n- ways: rejected: status PLACED, not REJECTED" in written


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("see /home/ada/takeaway/x.log, then", "see …/x.log, then"),
        ("no answer from http://10.0.0.7:4566/x (5)", "no answer from (URL) (5)"),
        ("~/x.log is full\nand more", "…/x.log is full"),
        ("", ""),
    ],
)
def test_no_path_of_a_machine_and_no_host_is_written(said: str, told: str) -> None:
    assert plainly(said) == told


def test_what_is_committed_is_complete_and_of_both_engines() -> None:
    files = sorted(record.FOLDER.glob("*.json"))
    found = [Evidence.model_validate_json(file.read_text(encoding="utf-8")) for file in files]
    assert {each.engine for each in found} >= {"ministack", "localstack"}
    for file, each in zip(files, found, strict=True):
        assert (each.complete, each.name) == (True, file.stem)
        assert each.differs or not each.wrong
        assert set(STEPS) <= {step.name for step in each.steps}
        assert file.with_suffix(".md").read_text(encoding="utf-8") == page(each)
