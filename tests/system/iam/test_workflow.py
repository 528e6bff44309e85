"""The role of the workflow, task by task of the deployed definition; the roles of schedules; and no other role."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest

from takeaway.run.client.system import System
from tests.conftest import Engine
from tests.fakes.people import eventually
from tests.system.iam.granted import NOT_SHOWN, ON_EVERYTHING, Grant, Role, listed
from tests.system.iam.scenarios import FUNCTIONS

pytestmark = pytest.mark.engine
DENIED = "AccessDeniedException"
NOBODY = {"order_id": "nobody"}  # there is no such order, so an allowed task ends at once
MANNERS = ("Retry", "Catch", "Next", "ResultSelector", "ResultPath")  # not part of a task's call
Denied = Callable[[str], bool]


@pytest.fixture(scope="module")
def workflow(enforced: System, engine: Engine) -> dict[str, Any]:
    arn = enforced.stacks.output("orders", "StateMachineArn")
    return dict(engine.session.client("stepfunctions").describe_state_machine(stateMachineArn=arn))


@pytest.fixture(scope="module")
def role(workflow: dict[str, Any], engine: Engine) -> Role:
    return Role.of(engine.session, workflow["roleArn"])


@pytest.fixture(scope="module")
def tasks(workflow: dict[str, Any]) -> dict[str, dict[str, Any]]:
    states = json.loads(workflow["definition"])["States"]
    return {name: state for name, state in states.items() if state["Type"] == "Task"}


@pytest.fixture(scope="module")
def denied(workflow: dict[str, Any], tasks: dict[str, dict[str, Any]], engine: Engine) -> Denied:
    """Tell of each task, run alone under the workflow's role, whether it is refused."""
    client = engine.session.client("stepfunctions")
    machines: dict[str, str] = {}
    for name, task in tasks.items():
        alone = {key: value for key, value in task.items() if key not in MANNERS} | {"End": True}
        definition = json.dumps({"StartAt": name, "States": {name: alone}})
        made = client.create_state_machine(
            name=f"alone-{uuid4().hex[:8]}", definition=definition, roleArn=workflow["roleArn"]
        )
        machines[name] = made["stateMachineArn"]

    def run(name: str) -> bool:
        started = client.start_execution(stateMachineArn=machines[name], input=json.dumps(NOBODY))["executionArn"]

        def ended() -> dict[str, Any] | None:
            execution = client.describe_execution(executionArn=started)
            return dict(execution) if execution["status"] != "RUNNING" else None

        return eventually(ended, f"the end of {name}").get("error") == DENIED

    return run


def test_the_workflow_may_do_what_each_of_its_tasks_does(tasks: dict[str, dict[str, Any]], denied: Denied) -> None:
    with ThreadPoolExecutor(4) as pool:
        assert dict(zip(tasks, pool.map(denied, tasks), strict=True)) == dict.fromkeys(tasks, False)


def test_the_workflow_needs_each_permission_of_its_role(
    role: Role, tasks: dict[str, dict[str, Any]], denied: Denied
) -> None:
    def is_missed(grant: Grant) -> bool:
        named = grant.resource.rpartition("/")[2]
        with role.without(grant):
            return any(denied(name) for name, task in tasks.items() if f'"{named}"' in json.dumps(task))

    shown = [grant for grant in role.grants if grant.action not in NOT_SHOWN]
    assert len(shown) > len(FUNCTIONS) // 2
    assert [str(grant) for grant in shown if not is_missed(grant)] == []


def schedules(system: System, engine: Engine) -> list[dict[str, Any]]:
    """Return the target of each schedule."""
    client = engine.session.client("scheduler")
    names = [each["Name"] for each in client.list_schedules(NamePrefix=system.target.prefix)["Schedules"]]
    return [dict(client.get_schedule(Name=name)["Target"]) for name in names]


def test_a_schedule_may_call_its_function_and_nothing_else(enforced: System, engine: Engine) -> None:
    found = schedules(enforced, engine)
    assert len(found) == len({target["Arn"] for target in found}) > 0
    for target in found:
        granted = Role.of(engine.session, target["RoleArn"]).grants
        # The CDK grants the function's versions as well.
        assert granted == [Grant("lambda:InvokeFunction", f"{target['Arn']}{which}") for which in ("", ":*")]


def test_there_is_no_role_that_is_not_looked_at(enforced: System, engine: Engine, role: Role) -> None:
    functions, prefix = engine.session.client("lambda"), enforced.target.prefix
    arns = [functions.get_function_configuration(FunctionName=f"{prefix}-{name}")["Role"] for name in FUNCTIONS]
    arns += [target["RoleArn"] for target in schedules(enforced, engine)]
    assert roles_of(enforced, engine) == {role.name, *(arn.rpartition("/")[2] for arn in arns)}


def test_only_what_has_no_resource_to_name_is_granted_on_everything(enforced: System, engine: Engine) -> None:
    iam = engine.session.client("iam")
    for name in roles_of(enforced, engine):
        assert iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"] == []
        found = Role.of(engine.session, f"role/{name}")
        for statement in found.document["Statement"]:
            assert "*" not in "".join(listed(statement["Action"]))
            if "*" in listed(statement["Resource"]):
                assert {*listed(statement["Action"])} <= ON_EVERYTHING.keys()


def roles_of(system: System, engine: Engine) -> set[str]:
    """Return the roles of every stack."""
    client = engine.session.client("cloudformation")
    return {
        resource["PhysicalResourceId"]
        for context in system.stacks.by_context
        for resource in client.describe_stack_resources(StackName=f"{system.target.prefix}-{context}")["StackResources"]
        if resource["ResourceType"] == "AWS::IAM::Role"
    }
