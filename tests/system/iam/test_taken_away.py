"""Each role has what it needs and no more: each permission is taken away once, and each time that is noticed.

Here for functions; test_workflow.py has the workflow and the schedules.
"""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest

from takeaway.run.client.system import System
from tests.conftest import Engine
from tests.fakes.people import eventually
from tests.system.iam.granted import NOT_SHOWN, Grant, Role
from tests.system.iam.scenarios import FUNCTIONS, LANES, Scenario

pytestmark = pytest.mark.engine
POLLING = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
LOGGING = ("logs:CreateLogStream", "logs:PutLogEvents")


@dataclass
class Found:
    """The result for a function that was deprived of one grant at a time."""

    works_with_all: str = "was not tried"
    unnoticed: list[Grant] = field(default_factory=list)
    noticed: list[Grant] = field(default_factory=list)


@dataclass(frozen=True)
class Function:
    """A deployed function, with the scenario that needs all of its role."""

    system: System
    session: Any
    name: str
    scenario: Scenario

    def call(self, payload: dict[str, Any]) -> Any:
        answer = self.session.client("lambda").invoke(FunctionName=self.name, Payload=json.dumps(payload))
        said = json.loads(answer["Payload"].read() or b"null")
        assert "FunctionError" not in answer, said
        return said

    def fails(self) -> str:
        """Return why the scenario fails; "" if it succeeds."""
        try:
            self.scenario(self.system, self.call)
        except Exception as error:  # noqa: BLE001 - whatever it is that did not happen
            return f"{type(error).__name__}: {error}"
        return ""

    def misses(self, grant: Grant) -> bool:
        """Tell whether the scenario fails without the grant."""
        if grant.action in LOGGING:
            return not self.logs_while_called()
        if grant.action in POLLING:
            return self.is_refused_its_queue(grant)
        return bool(self.fails())

    def logs_while_called(self) -> bool:
        logs, group = self.session.client("logs"), f"/aws/lambda/{self.name}"

        def streams() -> set[str]:
            pages = logs.get_paginator("describe_log_streams").paginate(logGroupName=group)
            return {stream["logStreamName"] for page in pages for stream in page["logStreams"]}

        before = streams()
        self.fails()
        return streams() != before

    def is_refused_its_queue(self, grant: Grant) -> bool:
        functions = self.session.client("lambda")
        (mapping,) = functions.list_event_source_mappings(FunctionName=self.name)["EventSourceMappings"]
        assert mapping["EventSourceArn"] == grant.resource

        def refused() -> bool:
            found = functions.get_event_source_mapping(UUID=mapping["UUID"])["LastProcessingResult"]
            return f"may not ['{grant.action}']" in found

        return eventually(refused, f"{self.name} is refused {grant}")

    def deprived(self) -> Found:
        found, role = Found(), Role.of(self.session, self.role_arn)
        found.works_with_all = self.fails()
        for grant in role.grants:
            if grant.action not in NOT_SHOWN:
                with role.without(grant):
                    (found.noticed if self.misses(grant) else found.unnoticed).append(grant)
        return found

    @property
    def role_arn(self) -> str:
        return str(self.session.client("lambda").get_function_configuration(FunctionName=self.name)["Role"])


@pytest.fixture(scope="module")
def found(enforced: System, engine: Engine) -> Iterator[dict[str, Found]]:
    """Return the result of every function.

    Lanes run side by side, because most of the time is spent waiting for starts.
    """
    session, prefix = engine.session, enforced.target.prefix

    def run(lane: dict[str, Scenario]) -> dict[str, Found]:
        return {name: Function(enforced, session, f"{prefix}-{name}", each).deprived() for name, each in lane.items()}

    with ThreadPoolExecutor(len(LANES)) as pool:
        yield {name: each for lane in pool.map(run, LANES) for name, each in lane.items()}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_needs_each_permission_of_its_role(found: dict[str, Found], name: str) -> None:
    assert found[name].works_with_all == ""
    assert [str(grant) for grant in found[name].unnoticed] == []
    assert len(found[name].noticed) > len(LOGGING)
