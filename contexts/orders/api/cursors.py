"""Cursors of lists.

A cursor holds a position and no owner, so it is worthless in the hands of another customer. To clients it is opaque.
"""

import base64
import json

from contexts.orders.api.bodies import wrong_with
from contexts.orders.application.ports import Position


class InvalidCursor(ValueError):
    """The text is no cursor that this API has given out."""

    def __init__(self) -> None:
        super().__init__("cursor: expected the next_cursor of the page before")


def cursor_of(position: Position | None) -> str | None:
    if not position:
        return None
    return base64.urlsafe_b64encode(json.dumps([position.received_at, position.order_id]).encode()).decode()


def position_of(cursor: str | None) -> Position | None:
    """Read a cursor back; None stands for the first page. Raises InvalidCursor."""
    if cursor is None:
        return None
    try:
        held = base64.b64decode(cursor, altchars=b"-_", validate=True).decode()
        if wrong_with(held):
            raise InvalidCursor
        received_at, order_id = json.loads(held)
    except (ValueError, TypeError) as error:
        raise InvalidCursor from error
    if not (_is_key(received_at) and _is_key(order_id)):
        raise InvalidCursor
    return Position(received_at, order_id)


def _is_key(value: object) -> bool:
    """Tell whether a value could be a key of the table, which has no empty texts and no halves of surrogate pairs."""
    return isinstance(value, str) and value != "" and value.isprintable()
