"""Print what a tree's consumers declare that they read, as JSON: `python -I declarations.py TREE < events`.

`events` has a list of probe events by name. Each model's complaints about them are printed as well.

It runs as a process of its own because it imports every consumed_events.py. The command line never imports contexts'
code, and the tree may be that of another revision.
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

# A context with such a file is a consumer, so that a new one is found by itself.
PLACES = ("contexts/*/consumed_events.py", "takeaway/*/consumed_events.py")
INDIRECT = ("populate_by_name", "validate_by_name")

Events = dict[str, list[Any]]


def declarations(tree: Path, events: Events) -> Iterator[dict[str, Any]]:
    """Yield for each consumer its models as JSON Schema, or the error that its file raises."""
    for path in sorted(each for place in PLACES for each in tree.glob(place)):
        file = path.relative_to(tree)
        found: dict[str, Any] = {"consumer": path.parent.name, "file": str(file), "reads": {}, "error": None}
        try:
            module = importlib.import_module(".".join(file.with_suffix("").parts))
            for event, model in module.CONSUMES.items():
                found["reads"][event] = _told(event, model, events)
        except Exception as error:  # noqa: BLE001 - the consumer's own error, which is reported
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
    """Return a model's complaints about an event; none if it can read it."""
    try:
        reader.validate_json(json.dumps(event))
    except ValidationError as error:
        return [{key: each[key] for key in ("loc", "type", "msg")}
                for each in error.errors(include_url=False, include_context=False, include_input=False)]  # fmt: skip
    except Exception as error:  # noqa: BLE001 - raised by the consumer's validator
        return [{"loc": [], "type": "exception", "msg": f"its model raises {type(error).__name__}"}]
    return []


def _indirect(core: Any) -> bool:
    """True if a field has several aliases or a path as alias, because JSON Schema then shows only one place."""
    if isinstance(core, dict):
        named = isinstance(core.get("validation_alias"), list) or any(core.get(each) is True for each in INDIRECT)
        return named or any(_indirect(each) for each in core.values())
    return isinstance(core, list | tuple) and any(_indirect(each) for each in core)


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])
    with contextlib.redirect_stdout(sys.stderr):
        told = list(declarations(Path(sys.argv[1]), json.load(sys.stdin)))
    json.dump(told, sys.stdout)
