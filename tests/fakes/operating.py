"""AWS clients for operating commands, where moto has none or is too quick to be interrupted."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError


class Errors:
    """The exceptions of a client."""

    ClientError = ClientError

    class ResourceNotFoundException(ClientError):
        pass

    class ResourceAlreadyExistsException(ClientError):
        pass


def refused(code: str, operation: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, operation)


class OnePage:
    """A paginator of answers that fit on one page."""

    def __init__(self, answer: Callable[..., Any]) -> None:
        self._answer = answer

    def paginate(self, **arguments: Any) -> Iterator[Any]:
        yield self._answer(**arguments)


class FakeFunctions:
    """Lambda whose event source mappings take some looks until they are in the requested state."""

    def __init__(self, *, mappings: int = 1, looks: int = 2, state: str = "Enabled", stuck: bool = False) -> None:
        self.states = {f"mapping-{number}": [state] for number in range(mappings)}
        self.asked: list[tuple[str, bool]] = []
        self.closed = False  # to whoever calls it
        self._looks, self._stuck = looks, stuck

    def get_paginator(self, operation: str) -> OnePage:
        assert operation == "list_event_source_mappings"
        return OnePage(self._list)

    def _list(self, **_: Any) -> Any:
        for states in self.states.values():
            if len(states) > 1 and not self._stuck:
                states.pop(0)
        return {"EventSourceMappings": [{"UUID": id_, "State": states[0]} for id_, states in self.states.items()]}

    def update_event_source_mapping(self, *, UUID: str, Enabled: bool) -> None:  # noqa: N803
        assert len(self.states[UUID]) == 1, "ResourceInUseException"
        self.asked.append((UUID, Enabled))
        passing, end = ("Enabling", "Enabled") if Enabled else ("Disabling", "Disabled")
        self.states[UUID] = [self.states[UUID][0], *[passing] * self._looks, end]

    def put_function_concurrency(self, *, FunctionName: str, ReservedConcurrentExecutions: int) -> None:  # noqa: N803
        assert ReservedConcurrentExecutions == 0
        assert all(states == ["Disabled"] for states in self.states.values()), "what is refused would become a failure"
        self.closed = True

    def delete_function_concurrency(self, *, FunctionName: str) -> None:  # noqa: N803
        self.closed = False

    def get_function_configuration(self, *, FunctionName: str) -> Any:  # noqa: N803
        return {"LoggingConfig": {"LogGroup": f"/log/of/{FunctionName}"}}


class MovingQueues:
    """SQS that moves dead letters itself; each look at a task is one of `looks`. `queues` does everything else."""

    def __init__(self, queues: Any, looks: list[dict[str, Any] | BaseException], *, running: bool = False) -> None:
        self._queues, self._looks, self._begun = queues, looks, running
        self.exceptions = Errors
        self.started: list[dict[str, str]] = []
        self.cancelled: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._queues, name)

    def list_message_move_tasks(self, **_: Any) -> Any:
        if not self._begun:
            return {"Results": []}
        look = self._looks.pop(0) if len(self._looks) > 1 else self._looks[0]
        if isinstance(look, BaseException):
            raise look
        return {"Results": [{"TaskHandle": "running", **look}]}

    def start_message_move_task(self, **arguments: str) -> Any:
        self._begun = True
        self.started.append(arguments)
        return {"TaskHandle": "started"}

    def cancel_message_move_task(self, *, TaskHandle: str) -> None:  # noqa: N803
        self.cancelled.append(TaskHandle)


class QueuesThatCanNotMove:
    """SQS that refuses to move dead letters, like the embedded engine."""

    def __init__(self, queues: Any) -> None:
        self._queues = queues
        self.exceptions = Errors

    def __getattr__(self, name: str) -> Any:
        return getattr(self._queues, name)

    def list_message_move_tasks(self, **_: Any) -> Any:
        raise refused("InvalidAction", "ListMessageMoveTasks")


class FakeBus:
    """EventBridge with one archive; each look at a replay is one of `looks`."""

    exceptions = Errors

    def __init__(
        self,
        looks: list[dict[str, Any] | BaseException],
        *,
        archive: bool = True,
        answers_get_lost: bool = False,
        begun: datetime = datetime(2020, 1, 1, tzinfo=UTC),
    ) -> None:
        self._looks, self._archive, self._answers_get_lost = looks, archive, answers_get_lost
        self._begun = begun
        self.started: list[dict[str, Any]] = []
        self.cancelled: list[str] = []

    def describe_archive(self, *, ArchiveName: str) -> Any:  # noqa: N803
        if not self._archive:
            raise Errors.ResourceNotFoundException({"Error": {"Code": "ResourceNotFoundException"}}, "DescribeArchive")
        return {
            "ArchiveName": ArchiveName,
            "ArchiveArn": "arn:archive",
            "EventSourceArn": "arn:bus",
            "EventCount": 7,
            "CreationTime": self._begun,
        }

    def describe_rule(self, *, Name: str, EventBusName: str) -> Any:  # noqa: N803
        return {"Arn": f"arn:rule/{EventBusName}/{Name}"}

    def start_replay(self, **arguments: Any) -> None:
        self.started.append(arguments)
        if self._answers_get_lost:  # botocore has repeated the request
            raise Errors.ResourceAlreadyExistsException({"Error": {"Code": "ResourceAlreadyExists"}}, "StartReplay")

    def describe_replay(self, *, ReplayName: str) -> Any:  # noqa: N803
        look = self._looks.pop(0) if len(self._looks) > 1 else self._looks[0]
        if isinstance(look, BaseException):
            raise look
        return look

    def cancel_replay(self, *, ReplayName: str) -> None:  # noqa: N803
        self.cancelled.append(ReplayName)
