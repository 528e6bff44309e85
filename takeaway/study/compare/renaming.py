"""Rename steps of orders in a copy of this folder, in all wirings and at once, as no team should do it.

docs/workflow-changes.md has the way in two releases.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from takeaway.errors import TakeawayError
from takeaway.paths import files

# The names of steps, old and new: the step after a wait, and a step that hears of an event where nobody is in charge.
RENAMED = {"accept_order": "confirm_order", "notify_restaurant": "tell_restaurant"}
FOLDERS, SUFFIXES = ("contexts/orders", "examples"), {".py", ".json", ".toml"}
API = "contexts/orders/api"  # its calls are named by what people do, not by steps


def renamed(copy: Path, steps: Mapping[str, str] = RENAMED) -> Path:
    """Rename steps in a copy, which is returned: their use cases, functions, states and handlers.

    Raises TakeawayError if a step has no handler in it.
    """
    handlers = 0
    for file in [file for folder in FOLDERS for file in files(copy / folder)]:
        if file.suffix not in SUFFIXES or file.is_relative_to(copy / API):
            continue
        text = before = file.read_text(encoding="utf-8")
        for old, new in steps.items():
            text = re.sub(rf"\b{old}\b", new, text).replace(_state(old), _state(new))
        if text != before:
            file.write_text(text, encoding="utf-8")
        if file.stem in steps:
            handlers += file.parent.name == "handlers"
            file.rename(file.with_stem(steps[file.stem]))
    if not handlers:
        raise TakeawayError(f"None of the steps {', '.join(steps)} has a handler in {copy}.")
    return copy


def _state(step: str) -> str:
    """Return the name of a step's state."""
    return step.replace("_", " ").capitalize()
