"""The conditional UpdateItem that stores a transition of an order."""

from datetime import timedelta
from typing import Any

from contexts.orders.adapters.order_item import attribute, expiry, to_item
from contexts.orders.domain.lifecycle import Status
from contexts.orders.domain.order import Order
from contexts.orders.domain.times import timestamp

# Attributes that an order drops when it leaves a status: the expiry of a draft, then the task tokens of waits that are
# over. A token has about a kilobyte, which every later write and a year of storage would pay for.
NOT_TAKEN_ALONG = {
    Status.RECEIVED: " REMOVE expires_at",
    Status.PLACED: " REMOVE decision_token",
    Status.ACCEPTED: " REMOVE completion_token",
}
# fields that a save compares with the order that was read, and writes if they differ
GUARDED = ("status", "decision", "reason", "completion")


def update_arguments(before: Order, after: Order, kept: timedelta) -> dict[str, Any]:
    """Return the client's arguments: write the difference, on condition that `before` is still stored.

    An order that ends with this transition gets the expiry `kept` after its end.
    """
    return _Update(before, after, kept).arguments()


class _Update:
    def __init__(self, before: Order, after: Order, kept: timedelta) -> None:
        self._names: dict[str, str] = {}
        self._values: dict[str, Any] = {}
        self._conditions: list[str] = ["attribute_exists(order_id)"]
        self._sets: list[str] = []
        old, new = to_item(before), to_item(after)
        for field in GUARDED:
            self._guard(field, old.get(field))
            if new.get(field) != old.get(field):
                self._sets.append(f"#{field} = {self._value(f'new_{field}', new[field])}")
        for number, change in enumerate(sorted(after.changes.keys() - before.changes.keys(), key=lambda c: c.key)):
            path = f"#changes.{self._name(f'change{number}', change.key)}"
            self._name("changes", "changes")
            self._conditions.append(f"attribute_not_exists({path})")
            self._sets.append(f"{path} = {self._value(f'at{number}', attribute(timestamp(after.changes[change])))}")
        moves_on = after.status is not before.status
        self._remove = NOT_TAKEN_ALONG.get(before.status, "") if moves_on else ""
        if moves_on and after.ended_at:  # only drafts and ended orders have an expiry
            self._sets.append(f"expires_at = {self._value('expires', expiry(after.ended_at + kept))}")
            self._remove = "" if before.status is Status.RECEIVED else self._remove

    def arguments(self) -> dict[str, Any]:
        return {
            "UpdateExpression": f"SET {', '.join(self._sets)}{self._remove}",
            "ConditionExpression": " AND ".join(self._conditions),
            "ExpressionAttributeNames": self._names,
            "ExpressionAttributeValues": self._values,
        }

    def _guard(self, field: str, value: Any) -> None:
        name = self._name(field, field)
        condition = f"{name} = {self._value(f'old_{field}', value)}" if value else f"attribute_not_exists({name})"
        self._conditions.append(condition)

    def _name(self, alias: str, name: str) -> str:
        self._names[f"#{alias}"] = name
        return f"#{alias}"

    def _value(self, alias: str, value: Any) -> str:
        self._values[f":{alias}"] = value
        return f":{alias}"
