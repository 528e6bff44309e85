"""Cursors of lists: opaque to clients, and worthless in another's hands, for they hold a position but no owner."""

import base64
import json

from contexts.orders.application.ports import Position


class InvalidCursor(ValueError):
    """Not a cursor that this API gave out."""

    def __init__(self) -> None:
        super().__init__("cursor: expected the next_cursor of the page before")


def cursor_of(position: Position | None) -> str | None:
    if not position:
        return None
    return base64.urlsafe_b64encode(json.dumps([position.received_at, position.order_id]).encode()).decode()


def position_of(cursor: str | None) -> Position | None:
    """Raises InvalidCursor."""
    if cursor is None:
        return None
    try:
        received_at, order_id = json.loads(base64.b64decode(cursor, altchars=b"-_", validate=True))
        parts = [str.encode(part) for part in (received_at, order_id)]  # half a surrogate pair is no key of the table
    except (ValueError, TypeError, RecursionError) as error:
        raise InvalidCursor from error
    if not all(parts):
        raise InvalidCursor
    return Position(received_at, order_id)
