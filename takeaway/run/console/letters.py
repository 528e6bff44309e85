"""Read dead letters for a page, with personal data hidden."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared import schema_tools
from shared.schema_tools.fields import personal_data
from takeaway.run.client import dead_letters
from takeaway.run.client.dead_letters import DeadLetter
from takeaway.run.client.subscription import Subscription

MOST = 20
HIDDEN = "(personal data, not shown here)"


@dataclass(frozen=True)
class Letter:
    """A dead letter as the page shows it.

    Without a schema nothing says which fields are personal, so `order_id` and `body` are empty then.
    """

    reason: str
    sent_at: datetime
    received: int
    name: str = ""
    order_id: str = ""
    body: str = ""


def look(subscription: Subscription) -> list[Letter]:
    """Return dead letters, oldest first. None is removed, but SQS counts the look as a receive."""
    return [_letter(each) for each in dead_letters.look(subscription, limit=MOST)]


def _letter(letter: DeadLetter) -> Letter:
    told = (letter.reason, letter.sent_at, letter.received)
    try:
        event = json.loads(letter.body)
        name, detail = event["detail-type"], event["detail"]
        for path in personal_data(name, detail["metadata"]["schema_version"], event["source"]):
            _hide(detail, path.split("."))
        order_id = str(detail["data"]["order_id"])
    except (ValueError, KeyError, TypeError, schema_tools.UnknownEvent):
        return Letter(*told)
    return Letter(*told, str(name), order_id, json.dumps(detail, ensure_ascii=False, indent=2))


def _hide(inside: Any, path: list[str]) -> None:
    name, *rest = path
    for each in _these(inside):
        key = name.removesuffix("[]")
        if key in each:
            if rest:
                _hide(each[key], rest)
            else:
                each[key] = HIDDEN


def _these(inside: Any) -> Iterator[dict[str, Any]]:
    for each in inside if isinstance(inside, list) else [inside]:
        if isinstance(each, dict):
            yield each
