"""Who reads which fields of which events, as each consumer declares it in CONSUMES of its consumed_events.py."""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shared.schema_tools.fields import fields_of
from shared.schema_tools.references import BadReference, resolved
from takeaway.check.contracts.uses import Complaint, Consumer, Model, within
from takeaway.errors import TakeawayError

DECLARATIONS = Path(__file__).with_name("declarations.py")
OF_THE_DETAIL = "detail."
NAME = re.compile(r"[\w.*-]+@[\w*]+\.v(\d+|\*)")
EXPECTED = 'expected CONSUMES = {"takeaway.orders@order_completed.v1": ItsModel}'


class UnreadableConsumer(TakeawayError):
    """A consumer does not say what it reads."""


def consumers(tree: Path, events: Mapping[str, list[Any]] | None = None, only: str | None = None) -> list[Consumer]:
    """Everyone in this tree who has a consumed_events.py, or `only` one of them. Raises UnreadableConsumer.

    Each model is asked to read those of the `events` that it is declared for, by their names.
    """
    command = [sys.executable, "-I", str(DECLARATIONS), str(tree)]
    told = subprocess.run(  # noqa: S603 - this project's own code
        command, input=json.dumps(events or {}), capture_output=True, text=True, check=False
    )
    if told.returncode:
        last = told.stderr.strip().rpartition("\n")[2]
        raise UnreadableConsumer(f"What consumers read could not be found out: {last or 'the process says nothing'}")
    return [_consumer(each) for each in json.loads(told.stdout) if only in (None, each["consumer"])]


def _consumer(told: dict[str, Any]) -> Consumer:
    if told["error"]:
        raise UnreadableConsumer(f"{told['file']} does not say what it reads: {EXPECTED} ({told['error']})")
    for event in told["reads"]:
        if not NAME.fullmatch(event):
            raise UnreadableConsumer(f"{told['file']} does not say whose {event} it reads: {EXPECTED}")
    try:
        reads = {event: _model(each) for event, each in told["reads"].items()}
    except BadReference as error:
        raise UnreadableConsumer(f"{told['file']} reads an event with a model that never ends: {error}") from None
    return Consumer(told["consumer"], told["file"], reads)


def _model(told: dict[str, Any]) -> Model:
    name = told["model"]
    flat = resolved(name, {name: told["schema"]}.__getitem__)
    found = {path.removeprefix(OF_THE_DETAIL): field for path, field in fields_of(flat).items()
             if path.startswith(OF_THE_DETAIL)}  # fmt: skip
    leaves = {path for path in found if not any(other != path and within(other, path) for other in found)}
    whole = {path for path in leaves if found[path].schema.get("type", "object") in ("object", "array")}
    return Model(
        name,
        {path: field.required for path, field in found.items() if path in leaves},
        frozenset(whole),
        {path: field.schema for path, field in found.items()},
        told["indirect"],
        {event: [[Complaint(tuple(each["loc"]), each["type"], each["msg"]) for each in answer] for answer in answers]
         for event, answers in told["answers"].items()},
    )  # fmt: skip
