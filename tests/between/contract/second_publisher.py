"""A second publisher as its team would declare it: by a folder beside that of orders, and nothing else.

Its events are made of those of orders, under its own source. One of them has the type of an event of orders.
"""

import json
import shutil
from pathlib import Path

from contexts.orders.published_events import SOURCE as ORDERS
from shared import schema_tools

KITCHEN = "takeaway.kitchen"
COOKED, SHARED = "dish_cooked", "order_completed"
MADE_OF = {COOKED: "order_accepted", SHARED: "order_completed"}


def with_a_second_publisher(folder: Path) -> Path:
    """Return a copy of shared/schemas in which the kitchen publishes as well."""
    schemas = Path(shutil.copytree(schema_tools.FOLDER, folder / "schemas"))
    add_kitchen(schemas)
    return schemas


def add_kitchen(schemas: Path) -> None:
    common = "common.v1.schema.json"
    _copy(schemas, common, common, {"The restaurant that the order is for.": "The restaurant that cooks it."})
    for event_type, pattern in MADE_OF.items():
        for file in ("{}.v1.schema.json", "examples/{}.v1.json", "counter_examples/{}.v1.json"):
            _copy(schemas, file.format(pattern), file.format(event_type), {pattern: event_type})


def _copy(schemas: Path, pattern: str, name: str, instead: dict[str, str]) -> None:
    text = (schemas / ORDERS / pattern).read_text(encoding="utf-8")
    for old, new in {ORDERS: KITCHEN, **instead}.items():
        text = text.replace(old, new)
    assert json.loads(text)
    file = schemas / KITCHEN / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
