"""A question about a stack under way is answered when it is done, on a stand-in for MiniStack's CloudFormation."""

import asyncio
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest

from takeaway.run.engine import stable_stacks
from takeaway.run.engine.mending import IncompatibleEngine


class CloudFormation:
    """Answers with the stack's status; the status changes after so many looks at it."""

    def __init__(self, *statuses: str) -> None:
        self._statuses = list(statuses)
        self.looks = 0

        async def handle_request(method: str, path: str, headers: Any, body: bytes, query: Any) -> str:
            return self._statuses[0]

        self.module = SimpleNamespace(__name__="cloudformation", handle_request=handle_request)
        stable_stacks.answer_when_stable(
            self.module, SimpleNamespace(__name__="handlers", _resolve_stack=self._resolve_stack)
        )

    def _resolve_stack(self, name: str) -> dict[str, str] | None:
        assert name == "takeaway-dev-orders"
        self.looks += 1
        if self.looks > 1 and len(self._statuses) > 1:
            self._statuses.pop(0)
        return {"StackStatus": self._statuses[0]} if self._statuses[0] else None

    def asked(self, **question: str) -> str:
        request: tuple[Any, ...] = ("POST", "/", {}, urlencode(question).encode(), {})
        answer: str = asyncio.run(self.module.handle_request(*request))
        return answer


NAMED = {"Action": "DescribeStacks", "StackName": "takeaway-dev-orders"}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stable_stacks, "POLL_SECONDS", 0.001)


def test_the_answer_comes_when_the_deployment_has_ended() -> None:
    stacks = CloudFormation("CREATE_IN_PROGRESS", "CREATE_IN_PROGRESS", "CREATE_COMPLETE")
    assert stacks.asked(**NAMED) == "CREATE_COMPLETE"


def test_a_deployment_that_goes_on_is_told_after_the_pause_that_the_cli_would_make(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stable_stacks, "LONGEST_SECONDS", 0.05)
    assert CloudFormation("UPDATE_IN_PROGRESS").asked(**NAMED) == "UPDATE_IN_PROGRESS"


@pytest.mark.parametrize("status", ["UPDATE_COMPLETE", "ROLLBACK_FAILED", "REVIEW_IN_PROGRESS", ""])
def test_a_stack_that_is_not_being_deployed_is_told_at_once(status: str) -> None:
    stacks = CloudFormation(status)
    assert stacks.asked(**NAMED) == status
    assert stacks.looks == 1


@pytest.mark.parametrize(
    "question", [{"Action": "DescribeStacks"}, {"Action": "DescribeStackEvents", "StackName": "takeaway-dev-orders"}]
)
def test_other_questions_do_not_wait(question: dict[str, str]) -> None:
    stacks = CloudFormation("CREATE_IN_PROGRESS")
    assert stacks.asked(**question) == "CREATE_IN_PROGRESS"
    assert stacks.looks == 0


def test_an_engine_that_finds_stacks_in_another_way_is_refused() -> None:
    async def handle_request() -> None: ...

    cloudformation = SimpleNamespace(__name__="cloudformation", handle_request=handle_request)
    with pytest.raises(IncompatibleEngine, match=r"no handlers\._resolve_stack"):
        stable_stacks.answer_when_stable(cloudformation, SimpleNamespace(__name__="handlers"))
