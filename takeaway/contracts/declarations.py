"""Prints what the consumers of a tree declare that they read, as JSON: `python -I declarations.py TREE`.

A process of its own: it imports every consumed_events.py, and nobody else gets to see the code of a context. So the
tree may be that of another revision as well.
"""

import contextlib
import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

# Whoever has such a file is a consumer; a new context is found as soon as it is there.
PLACES = ("contexts/*/consumed_events.py", "takeaway/*/consumed_events.py")


def declarations(tree: Path) -> Iterator[dict[str, Any]]:
    """Of each consumer: the models that it reads events with as JSON Schema, or why they can't be told."""
    for path in sorted(each for place in PLACES for each in tree.glob(place)):
        file = path.relative_to(tree)
        found: dict[str, Any] = {"consumer": path.parent.name, "file": str(file), "reads": {}, "error": None}
        try:
            module = importlib.import_module(".".join(file.with_suffix("").parts))
            for event, model in module.CONSUMES.items():
                found["reads"][event] = {"model": model.__name__, "schema": TypeAdapter(model).json_schema()}
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the consumer's, and is told
            found |= {"reads": {}, "error": f"{type(error).__name__}: {error}"}
        yield found


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])
    with contextlib.redirect_stdout(sys.stderr):
        told = list(declarations(Path(sys.argv[1])))
    json.dump(told, sys.stdout)
