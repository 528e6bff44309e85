"""Protection against deletion is set after the first successful deployment, because a failed one has to be deleted."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from takeaway.paths import REPOSITORY
from tools.protection import after, before

NAME = "takeaway-prod-orders"


class Stacks:
    """CloudFormation, with one stack in a status, or with none."""

    def __init__(self, status: str | None) -> None:
        self.status, self.protected = status, False

    def describe_stacks(self, *, StackName: str) -> dict[str, Any]:  # noqa: N803
        if self.status is None:
            raise ClientError({"Error": {"Code": "ValidationError"}}, "DescribeStacks")
        return {"Stacks": [{"StackName": StackName, "StackStatus": self.status}]}

    def update_termination_protection(self, *, StackName: str, EnableTerminationProtection: bool) -> None:  # noqa: N803
        assert StackName == NAME
        self.protected = EnableTerminationProtection


@pytest.fixture
def assembly(tmp_path: Path) -> Path:
    properties = {"templateFile": "x.json", "terminationProtection": True, "stackName": NAME}
    artifacts = {
        "orders": {"type": "aws:cloudformation:stack", "properties": properties},
        "unprotected": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "y.json"}},
        "orders.assets": {"type": "cdk:asset-manifest", "properties": {"file": "z.json"}},
    }
    (tmp_path / "manifest.json").write_text(json.dumps({"version": "1", "artifacts": artifacts}))
    return tmp_path


def asked_for(assembly: Path) -> bool:
    artifacts = json.loads((assembly / "manifest.json").read_text())["artifacts"]
    return bool(artifacts["orders"]["properties"]["terminationProtection"])


@pytest.mark.parametrize("status", [None, "ROLLBACK_COMPLETE", "REVIEW_IN_PROGRESS", "CREATE_FAILED"])
def test_a_stack_that_never_worked_is_deployed_unprotected_and_protected_when_it_works(
    assembly: Path, status: str | None
) -> None:
    stacks = Stacks(status)
    assert before(assembly, stacks) == [NAME]
    assert asked_for(assembly) is False
    assert after(assembly, stacks) == [NAME]  # the deployment has failed
    assert stacks.protected is False
    stacks.status = "CREATE_COMPLETE"
    assert after(assembly, stacks) == []
    assert stacks.protected is True


@pytest.mark.parametrize("status", ["CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"])
def test_a_stack_that_works_stays_protected_while_it_is_deployed(assembly: Path, status: str) -> None:
    stacks = Stacks(status)
    for _ in range(2):  # twice, as by a deployment that is tried again
        assert before(assembly, stacks) == []
        assert asked_for(assembly) is True
    assert after(assembly, stacks) == []


def test_a_second_try_of_a_first_deployment_is_unprotected_too(assembly: Path) -> None:
    for status in (None, "ROLLBACK_COMPLETE"):
        assert before(assembly, Stacks(status)) == [NAME]
        assert asked_for(assembly) is False
    assert before(assembly, Stacks("CREATE_COMPLETE")) == []
    assert asked_for(assembly) is True


@pytest.mark.parametrize("arguments", [[], ["before"], ["between", "."], ["after", "nowhere"]])
def test_what_it_can_do_nothing_with_is_refused_in_a_sentence(arguments: list[str]) -> None:
    command = [sys.executable, "-m", "tools.protection", *arguments]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.startswith("expected before or after")) == (1, True)
