"""Who reads which fields of which events, as each consumer declares it in CONSUMES of its consumed_events.py."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from shared.schemas.fields import fields_of
from shared.schemas.references import BadReference, resolved
from takeaway.contracts.uses import Consumer, Model, within
from takeaway.errors import TakeawayError

DECLARATIONS = Path(__file__).with_name("declarations.py")
OF_THE_DETAIL = "detail."


class UnreadableConsumer(TakeawayError):
    """A consumer does not say what it reads."""


def consumers(tree: Path) -> list[Consumer]:
    """Everyone in this tree who has a consumed_events.py. Raises UnreadableConsumer."""
    command = [sys.executable, "-I", str(DECLARATIONS), str(tree)]
    told = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - this project's own code
    if told.returncode:
        raise UnreadableConsumer(f"What consumers read could not be found out: {told.stderr.strip()}")
    return [_consumer(each) for each in json.loads(told.stdout)]


def _consumer(told: dict[str, Any]) -> Consumer:
    if told["error"]:
        raise UnreadableConsumer(
            f'{told["file"]} does not say what it reads: expected CONSUMES = {{"order_completed.v1": ItsModel}} '
            f"({told['error']})"
        )
    try:
        reads = {event: _model(each["model"], each["schema"]) for event, each in told["reads"].items()}
    except BadReference as error:
        raise UnreadableConsumer(f"{told['file']} reads an event with a model that never ends: {error}") from None
    return Consumer(told["consumer"], told["file"], reads)


def _model(name: str, schema: dict[str, Any]) -> Model:
    flat = resolved(name, {name: schema}.__getitem__)
    found = {path.removeprefix(OF_THE_DETAIL): field for path, field in fields_of(flat).items()
             if path.startswith(OF_THE_DETAIL)}  # fmt: skip
    leaves = {path for path in found if not any(other != path and within(other, path) for other in found)}
    whole = {path for path in leaves if found[path].schema.get("type", "object") in ("object", "array")}
    return Model(name, {path: field.required for path, field in found.items() if path in leaves}, frozenset(whole))
