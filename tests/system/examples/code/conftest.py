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
    """The world of choreographed orders, wired as examples.choreographed_orders.bootstrap does."""

    orders: InMemoryOrders = field(default_factory=lambda: InMemoryOrders(looked_at=StoredWithoutTokens))

    def __post_init__(self) -> None:
        self.workflow = NoWorkflow(self)  # type: ignore[assignment]


@pytest.fixture
def choreographed() -> ChoreographedWorld:
    return ChoreographedWorld()


@pytest.fixture(autouse=True)
def functions(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Set the environment of a function, with new loggers because each keeps the stream that it began with."""
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", request.node.name)
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "Takeaway")
    for cached in (observability.logger, observability.metrics):
        cached.cache_clear()
