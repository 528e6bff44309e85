"""Nothing is published on any way through the workflow that its schema does not allow: failures and stops included."""

from collections.abc import Callable
from typing import Any

import pytest

from contexts.orders.application import use_cases
from contexts.orders.application.ports import Ports
from contexts.orders.domain.lifecycle import Change, ChangeType
from contexts.orders.domain.order import Order
from contexts.orders.published_events import event_of
from shared import schemas
from shared.schemas.bundle import published
from takeaway.docs.events.catalogue import DEFINITION
from takeaway.docs.events.walk import Walk
from takeaway.paths import REPOSITORY

VALIDATORS = {event: schemas.validator(*event) for event in published()}


def refused() -> set[str]:
    """What the schemas say against what the walk sees published: each complaint once, with the state that it is of."""
    events: dict[tuple[str, str, str], Any] = {}
    for each in Walk((REPOSITORY / DEFINITION).read_text(encoding="utf-8")).publications:
        events[each.state or each.function, str(each.event.type), repr(each.event.detail["data"])] = each.event
    return {
        f"{place}: {event_type}: {error.json_path}: {error.message}"
        for (place, event_type, _), event in events.items()
        for error in VALIDATORS[event_type, event.detail["metadata"]["schema_version"]].iter_errors(event.detail)
    }


def test_every_event_on_every_way_is_valid() -> None:
    assert refused() == set()


def tells_of_any_status(order_id: str, ports: Ports) -> Order:
    """Notify user, as it once was: a completed order whose publication had failed was told of as well."""
    order = ports.orders.get(order_id)
    notified = Change(ChangeType.USER_NOTIFIED, about=order.status)
    order = use_cases.record(
        order_id, ports, lambda order: order.user_notified(order.status, ports.clock.now()), notified
    )
    ports.events.publish([event_of(order, notified)])
    return order


def test_a_step_that_publishes_what_no_schema_knows_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    step: Callable[[str, Ports], Order] = tells_of_any_status
    monkeypatch.setattr(use_cases, "notify_user", step)
    [complaint] = [each for each in refused() if each.startswith("Notify user of failure")]
    assert "$.data.reason: 'completed' is not one of" in complaint
