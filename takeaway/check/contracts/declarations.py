"""Prints what the consumers of a tree declare that they read, as JSON: `python -I declarations.py TREE < events`.

`events` is an object of lists: what each consumer's model says to each of them is printed as well.

A process of its own: it imports every consumed_events.py, and nobody else gets to see the code of a context. So the
tree may be that of another revision as well.
"""

import contextlib
import importlib
import json
import sys
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

# Whoever has such a file is a consumer; a new context is found as soon as it is there.
PLACES = ("contexts/*/consumed_events.py", "takeaway/*/consumed_events.py")
INDIRECT = ("populate_by_name", "validate_by_name")

Events = dict[str, list[Any]]


def declarations(tree: Path, events: Events) -> Iterator[dict[str, Any]]:
    """Of each consumer: the models that it reads events with as JSON Schema, or why they can't be told."""
    for path in sorted(each for place in PLACES for each in tree.glob(place)):
        file = path.relative_to(tree)
        found: dict[str, Any] = {"consumer": path.parent.name, "file": str(file), "reads": {}, "error": None}
        try:
            module = importlib.import_module(".".join(file.with_suffix("").parts))
            for event, model in module.CONSUMES.items():
                found["reads"][event] = _told(event, model, events)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the consumer's, and is told
            found |= {"reads": {}, "error": f"{type(error).__name__}: {error}"}
        yield found


def _told(event: str, model: Any, events: Events) -> dict[str, Any]:
    name, reader = model.__name__, TypeAdapter(model)
    answers = {each: [_answer(reader, one) for one in of] for each, of in events.items() if fnmatchcase(each, event)}
    return {
        "model": name,
        "schema": reader.json_schema(),
        "indirect": _indirect(reader.core_schema),
        "answers": answers,
    }


def _answer(reader: TypeAdapter[Any], event: Any) -> list[dict[str, Any]]:
    """What a model has against an event; nothing if it reads it."""
    try:
        reader.validate_json(json.dumps(event))
    except ValidationError as error:
        return [{key: each[key] for key in ("loc", "type", "msg")}
                for each in error.errors(include_url=False, include_context=False, include_input=False)]  # fmt: skip
    except Exception as error:  # noqa: BLE001 - a validator of the consumer
        return [{"loc": [], "type": "exception", "msg": f"its model raises {type(error).__name__}"}]
    return []


def _indirect(core: Any) -> bool:
    """Whether a field may come from more than one place, or from deep inside: its JSON Schema tells of one only."""
    if isinstance(core, dict):
        named = isinstance(core.get("validation_alias"), list) or any(core.get(each) is True for each in INDIRECT)
        return named or any(_indirect(each) for each in core.values())
    return isinstance(core, list | tuple) and any(_indirect(each) for each in core)


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])
    with contextlib.redirect_stdout(sys.stderr):
        told = list(declarations(Path(sys.argv[1]), json.load(sys.stdin)))
    json.dump(told, sys.stdout)
