"""A deployment by another tool is noticed on each engine, by the time of the stacks' last deployments."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from takeaway.run.client import outputs
from takeaway.run.client.target import Target
from takeaway.run.engine.home import Home
from takeaway.run.engine.kinds import EngineKind, traits_of

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class CloudFormation:
    """A stack whose deployments have events. `dates_updates` as AWS does it; LocalStack 4.14 was seen not to."""

    def __init__(self, *, dates_updates: bool) -> None:
        self.dates_updates = dates_updates
        self.times = [NOON]

    def is_deployed(self) -> None:
        self.times.append(self.times[-1] + timedelta(minutes=1))

    def get_paginator(self, _: str) -> Any:
        stack = {
            "StackName": "takeaway-dev-orders", "StackStatus": "UPDATE_COMPLETE", "CreationTime": NOON,
            "LastUpdatedTime": self.times[-1] if self.dates_updates else NOON,
        }  # fmt: skip
        return SimpleNamespace(paginate=lambda: [{"Stacks": [stack]}])

    def describe_stack_events(self, *, StackName: str) -> dict[str, Any]:  # noqa: N803
        return {"StackEvents": [{"StackName": StackName, "Timestamp": at} for at in reversed(self.times)]}


@pytest.mark.parametrize("kind", [*EngineKind])
def test_who_deploys_after_us_is_noticed_and_nobody_else(kind: EngineKind, home: Home) -> None:
    target, there = (
        Target(home, endpoint="http://here"),
        CloudFormation(dates_updates=kind is not EngineKind.LOCALSTACK),
    )
    target.__dict__["traits"] = traits_of(kind)
    target._clients["cloudformation"] = there

    def as_of() -> dict[str, str]:
        return outputs.as_of(target, outputs.read(target))

    ours = as_of()
    assert as_of() == ours
    there.is_deployed()
    assert as_of() != ours
