"""The functions of orders, called as Lambda calls them, with a world in memory behind them."""

import importlib
import json
from typing import Any

import pytest

from contexts.orders import bootstrap, observability
from tests.fakes.lambda_context import FakeLambdaContext
from tests.fakes.orders import World

HAVE_PORTS = ("contexts.orders.workflow.task", "contexts.orders.handlers.api", "contexts.orders.handlers.close_order")


class OrdersFunctions:
    """`world` may be another one for each call. `name` tells the log of one test from that of the next."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        self.world = World()
        # a logger keeps the stream that it began with: each test has its own
        monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", name)
        monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "Takeaway")
        monkeypatch.setenv("POWERTOOLS_TRACE_DISABLED", "true")
        for cached in (bootstrap.production, observability.logger, observability.metrics, observability.tracer):
            cached.cache_clear()
        for module in HAVE_PORTS:
            monkeypatch.setattr(f"{module}.production", lambda: self.world)

    def task(self, name: str, order_id: str) -> dict[str, Any]:
        """A task of the workflow."""
        answer: dict[str, Any] = self._handler(name)({"order_id": order_id}, FakeLambdaContext())
        return answer

    def close_order(self, *names: str, status: str = "ABORTED", received: int = 1) -> list[str]:
        """The executions of these names have ended from outside. The names of those that have to come again."""
        answer = self._handler("close_order")(
            execution_ended(*names, status=status, received=received), FakeLambdaContext()
        )
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]

    @staticmethod
    def _handler(name: str) -> Any:
        return importlib.import_module(f"contexts.orders.handlers.{name}").handler


def execution_ended(*names: str, status: str = "ABORTED", received: int = 1) -> dict[str, Any]:
    """What the queue in front of close_order delivers."""
    return {
        "Records": [
            {
                "messageId": name,
                "eventSource": "aws:sqs",
                "attributes": {"ApproximateReceiveCount": str(received)},
                "body": json.dumps({"source": "aws.states", "detail": {"name": name, "status": status}}),
            }
            for name in names
        ]
    }
