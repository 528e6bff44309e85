"""Orders in the other wirings, with the outside in memory."""

from dataclasses import dataclass, field

import pytest

from contexts.orders import observability
from examples.choreographed_orders.no_workflow import NobodyWaits, NoWorkflow
from tests.fakes.orders import InMemoryOrders, StoredInMemory, World


class StoredWithoutTokens(NobodyWaits, StoredInMemory):
    pass


@dataclass
class ChoreographedWorld(World):
    """As examples.choreographed_orders.bootstrap puts it together."""

    orders: InMemoryOrders = field(default_factory=lambda: InMemoryOrders(looked_at=StoredWithoutTokens))

    def __post_init__(self) -> None:
        self.workflow = NoWorkflow(self)  # type: ignore[assignment]


@pytest.fixture
def choreographed() -> ChoreographedWorld:
    return ChoreographedWorld()


@pytest.fixture(autouse=True)
def functions(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """What a function finds in its environment; a logger keeps the stream that it began with, so each test has one."""
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", request.node.name)
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "Takeaway")
    for cached in (observability.logger, observability.metrics):
        cached.cache_clear()
