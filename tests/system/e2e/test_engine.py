"""The engine behaves as functions may expect: the launcher's patches work, and gaps of the engine are filled."""

import io
import json
import urllib.request
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from takeaway.run.client.system import System
from takeaway.run.deploy.deployment import tags_of
from tests.conftest import Engine
from tests.fakes.bus_queue import queue_for_rules
from tests.fakes.people import eventually

pytestmark = pytest.mark.engine
patched = pytest.mark.embedded("the patches of its launcher are looked at")
CODE = """
import time

CALLS = []

class PaymentDeclined(Exception):
    pass

def handler(event, context):
    CALLS.append(event)
    if event.get("decline"):
        raise PaymentDeclined("no money")
    time.sleep(event.get("seconds", 0))
    return {"done": True, "calls": len(CALLS)}
"""


@pytest.fixture(scope="module")
def session(engine: Engine) -> Any:
    return engine.session.client


@pytest.fixture(scope="module")
def role(session: Any) -> str:
    """Return a role that may call functions, and that functions may assume."""
    services = {"Service": ["lambda.amazonaws.com", "states.amazonaws.com"]}
    trust = {"Effect": "Allow", "Principal": services, "Action": "sts:AssumeRole"}
    logs = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
    calls = {"Effect": "Allow", "Action": ["lambda:InvokeFunction", *logs], "Resource": "*"}
    iam, name = session("iam"), f"paying-{uuid4().hex[:8]}"
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(trust))
    iam.put_role_policy(RoleName=name, PolicyName="calls", PolicyDocument=policy(calls))
    return str(made["Role"]["Arn"])


def policy(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture(scope="module")
def function(session: Any, role: str) -> str:
    return deployed(session, role, CODE)


def deployed(session: Any, role: str, code: str) -> str:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("paying.py", code)
    made = session("lambda").create_function(
        FunctionName=f"paying-{uuid4().hex[:8]}",
        Runtime="python3.13",
        Role=role,
        Handler="paying.handler",
        Code={"ZipFile": package.getvalue()},
        Timeout=20,
    )
    return str(made["FunctionArn"])


@patched
def test_an_exception_of_a_function_carries_its_class_name(session: Any, function: str) -> None:
    answer = session("lambda").invoke(FunctionName=function, Payload=json.dumps({"decline": True}))
    error = json.loads(answer["Payload"].read())
    assert (error["errorType"], error["errorMessage"]) == ("PaymentDeclined", "no money")


@patched
def test_a_function_that_raised_is_still_warm(session: Any, function: str) -> None:
    """The calls come one after the other, so the same process gets them, like on AWS."""
    invoke = partial(session("lambda").invoke, FunctionName=function)
    before = json.loads(invoke(Payload="{}")["Payload"].read())["calls"]
    assert "FunctionError" in invoke(Payload=json.dumps({"decline": True}))
    assert json.loads(invoke(Payload="{}")["Payload"].read())["calls"] == before + 2


@patched
@pytest.mark.parametrize(
    ("code", "logged"),
    [
        (CODE, "[ERROR] PaymentDeclined: no money\nTraceback (most recent call last):\n"),
        ("import a_library", "[ERROR] ModuleNotFoundError: No module named 'a_library'\nTraceback (most recent call"),
        ("def handler(:", "[ERROR] SyntaxError: "),
    ],
)
def test_what_a_function_failed_of_is_one_event_of_its_log(session: Any, role: str, code: str, logged: str) -> None:
    arn = deployed(session, role, code)
    session("lambda").invoke(FunctionName=arn, Payload=json.dumps({"decline": True}))
    group = f"/aws/lambda/{arn.rpartition(':')[2]}"
    messages = [event["message"] for event in session("logs").filter_log_events(logGroupName=group)["events"]]
    [error] = [message for message in messages if message.startswith("[ERROR]")]
    assert error.startswith(logged)
    assert "paying.py" in error
    assert messages[-2].startswith("END RequestId")


@patched
def test_a_workflow_catches_a_functions_exception_by_its_class_name(session: Any, function: str, role: str) -> None:
    definition = {
        "StartAt": "Pay",
        "States": {
            "Pay": {
                "Type": "Task",
                "Resource": "arn:aws:states:::lambda:invoke",
                "Parameters": {"FunctionName": function, "Payload": {"decline": True}},
                "Catch": [{"ErrorEquals": ["PaymentDeclined"], "Next": "Declined"}],
                "End": True,
            },
            "Declined": {"Type": "Succeed"},
        },
    }
    states = session("stepfunctions")
    machine = states.create_state_machine(
        name=f"paying-{uuid4().hex[:8]}", definition=json.dumps(definition), roleArn=role
    )
    execution = states.start_execution(stateMachineArn=machine["stateMachineArn"], input="{}")["executionArn"]

    def ended() -> str | None:
        status: str = states.describe_execution(executionArn=execution)["status"]
        return status if status != "RUNNING" else None

    assert eventually(ended, "the end of the execution") == "SUCCEEDED"


@patched
def test_more_calls_than_there_are_slots_wait_and_none_is_throttled(session: Any, function: str) -> None:
    client = session("lambda")

    def call(_: int) -> bool:
        payload = json.dumps({"seconds": 0.2})
        return bool(json.loads(client.invoke(FunctionName=function, Payload=payload)["Payload"].read())["done"])

    with ThreadPoolExecutor(24) as pool:
        assert list(pool.map(call, range(24))) == [True] * 24


@pytest.mark.usefixtures("replays")
def test_a_replay_goes_to_the_rule_that_it_names_and_to_no_other(session: Any) -> None:
    events, queues, bus = session("events"), session("sqs"), f"bus-{uuid4().hex[:8]}"
    bus_arn = events.create_event_bus(Name=bus)["EventBusArn"]
    archive = events.create_archive(ArchiveName=bus, EventSourceArn=bus_arn)["ArchiveArn"]
    rules = {name: listening(events, queues, bus, f"{bus}-{name}") for name in ("chosen", "other")}
    events.put_events(Entries=[{"EventBusName": bus, "Source": "test", "DetailType": "happened", "Detail": "{}"}])
    now = datetime.now(UTC)

    def replayed(**destination: Any) -> None:
        name = f"replay-{uuid4().hex[:8]}"
        start, destination = now - timedelta(days=1), {"Arn": bus_arn, **destination}
        events.start_replay(
            ReplayName=name, EventSourceArn=archive, EventStartTime=start, EventEndTime=now, Destination=destination
        )
        eventually(lambda: events.describe_replay(ReplayName=name)["State"] == "COMPLETED", "the end of the replay")

    def received() -> dict[str, int]:
        return {name: len(bodies()) for name, (_, bodies) in rules.items()}

    assert received() == {"chosen": 1, "other": 1}
    replayed(FilterArns=[rules["chosen"][0]])
    assert received() == {"chosen": 1, "other": 0}
    replayed()
    assert received() == {"chosen": 1, "other": 1}


def listening(events: Any, queues: Any, bus: str, name: str) -> tuple[str, Callable[[], list[str]]]:
    """Make a rule that puts everything into a queue. Returns its ARN, and a function for the new messages."""
    url, queue = queue_for_rules(queues, name)
    rule = events.put_rule(Name=name, EventBusName=bus, EventPattern='{"source": ["test"]}')["RuleArn"]
    events.put_targets(Rule=name, EventBusName=bus, Targets=[{"Id": "queue", "Arn": queue}])

    def bodies() -> list[str]:
        got = queues.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        for message in got:
            queues.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return [message["Body"] for message in got]

    return rule, bodies


def test_the_bus_has_an_archive(system: System) -> None:
    archive = system.target.client("events").describe_archive(ArchiveName=system.target.prefix)
    assert archive["EventSourceArn"].endswith(f":event-bus/{system.stacks.output('bus', 'BusName')}")
    assert json.loads(archive["EventPattern"]) == {"source": [{"prefix": "takeaway."}]}


@pytest.mark.embedded("LocalStack gives an API another id each time, AWS keeps the one that it gave")
def test_the_url_of_the_api_is_made_of_the_stage_and_so_the_same_from_up_to_up(system: System) -> None:
    [api_id] = tags_of(system.target).values()
    assert api_id != next(iter(tags_of(replace(system.target, stage="another")).values()))
    stage = system.stacks.output("orders", "ApiStage")
    assert system.api.url == f"{system.target.endpoint}/_aws/execute-api/{api_id}/{stage}"


@pytest.mark.parametrize(
    ("context", "output"), [("orders", "OrdersTable"), ("promotions", "VouchersTable"), ("console", "JournalTable")]
)
def test_tables_forget_what_has_expired(system: System, context: str, output: str) -> None:
    table = system.stacks.output(context, output)
    told = system.target.client("dynamodb").describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    assert (told["TimeToLiveStatus"], told["AttributeName"]) == ("ENABLED", "expires_at")


def test_the_issuer_can_be_read_by_anyone(system: System) -> None:
    url = system.tokens.issuer.url

    def read(published: str) -> Any:
        here = published.replace(system.target.endpoint_of_functions, str(system.target.endpoint))
        with urllib.request.urlopen(here, timeout=5) as answer:
            return json.load(answer)

    configuration = read(f"{url}/.well-known/openid-configuration")
    assert configuration["issuer"] == url
    assert [key["kid"] for key in read(configuration["jwks_uri"])["keys"]] == [system.tokens.issuer.key_id]
