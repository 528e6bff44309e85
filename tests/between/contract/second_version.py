"""A second version of order_completed as its team would make it: schema, writer and one consumer.

The change is a breaking one: `total` goes, and the price is told in its parts.
"""

import json
import shutil
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel

from contexts.orders.domain.lifecycle import Change
from contexts.orders.domain.order import Order
from contexts.orders.published_events import SOURCE, WRITTEN
from shared import schema_tools

MONEY = {"$ref": "common.v1.schema.json#/$defs/money"}
PRICE = {
    "type": "object",
    "description": "What the customer paid, in its parts.",
    "required": ["items", "delivery"],
    "properties": {"items": MONEY, "delivery": MONEY},
}


def written_in_parts(order: Order, change: Change) -> dict[str, Any]:
    """Write the event's second version, as contexts/orders/published_events.py would beside the first."""
    particulars = WRITTEN[change.type][1](order, change)
    total = particulars.pop("total")
    return particulars | {"price": {"items": total, "delivery": total | {"amount": 0}}}


class Parts(BaseModel):
    items: dict[str, Any]
    delivery: dict[str, Any]


class Data(BaseModel):
    order_id: str
    price: Parts


class Metadata(BaseModel):
    event_id: str
    schema_version: int
    breaks: Literal[1]


class Detail(BaseModel):
    metadata: Metadata
    data: Data


class OrderCompletedInParts(BaseModel):
    """The model by which a consumer reads the second version."""

    detail: Detail


def with_a_second_version(folder: Path) -> Path:
    """Return a copy of shared/schemas with the files of the second version added, and nothing else changed."""
    schemas = Path(shutil.copytree(schema_tools.FOLDER, folder / "schemas"))
    copy = schemas / SOURCE
    _write(copy / "common.v2.schema.json", _common(copy))
    _write(copy / "order_completed.v2.schema.json", _schema(copy))
    _write(copy / "examples/order_completed.v2.json", _example(copy))
    _write(
        copy / "counter_examples/order_completed.v2.json",
        [
            {"field": "metadata.schema_version", "value": 1, "refused_by": "const", "why": "This is the second one."},
            {"field": "data.total", "value": 2150, "refused_by": "additionalProperties", "why": "It is told in parts."},
        ],
    )
    return schemas


def _common(folder: Path) -> Any:
    """Return the common definitions of version 2: only the envelope differs, which tells its version."""
    first = json.loads((folder / "common.v1.schema.json").read_text(encoding="utf-8"))
    metadata, time = first["$defs"]["metadata"], first["$defs"]["time"]
    metadata["properties"]["schema_version"]["const"] = 2
    metadata["properties"]["breaks"] = {
        "type": "integer", "const": 1, "description": "Readers of this version, and of those before, can't read this.",
    }  # fmt: skip
    metadata["required"].append("breaks")
    return {**first, "$id": first["$id"].replace("v1", "v2"), "$defs": {"metadata": metadata, "time": time}}


def _schema(folder: Path) -> Any:
    second = json.loads((folder / "order_completed.v1.schema.json").read_text(encoding="utf-8"))
    second["$id"] = second["$id"].replace("v1", "v2")
    second["properties"]["metadata"]["$ref"] = "common.v2.schema.json#/$defs/metadata"
    data = second["properties"]["data"]
    data["required"] = [name for name in data["required"] if name != "total"] + ["price"]
    data["properties"] = {name: field for name, field in data["properties"].items() if name != "total"} | {
        "price": PRICE
    }
    return second


def _example(folder: Path) -> Any:
    event = json.loads((folder / "examples/order_completed.v1.json").read_text(encoding="utf-8"))
    event["detail"]["metadata"] |= {"schema_version": 2, "breaks": 1}
    total = event["detail"]["data"].pop("total")
    event["detail"]["data"]["price"] = {"items": total, "delivery": total | {"amount": 0}}
    return event


def _write(path: Path, document: Any) -> None:
    path.write_text(json.dumps(document, ensure_ascii=False, indent=2), encoding="utf-8")
