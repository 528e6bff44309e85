"""Patch MiniStack in memory, and only where its source is what the patch was written for.

Imported by the engine's own interpreter: the standard library only.
"""

from collections.abc import Callable
from typing import Any

VERSION = "1.5.33"


class IncompatibleEngine(SystemExit):
    """MiniStack is not what these patches were written for; the message says what to do."""


def expected_once(text: str, part: str) -> None:
    if text.count(part) != 1:
        raise IncompatibleEngine(f"MiniStack {VERSION} is not as expected: {part!r} is there {text.count(part)} times")


def replaced_once(text: str, old: str, new: str) -> str:
    expected_once(text, old)
    return text.replace(old, new)


def expected_callable(module: Any, name: str) -> Callable[..., Any]:
    found: Callable[..., Any] | None = getattr(module, name, None)
    if not callable(found):
        raise IncompatibleEngine(f"MiniStack {VERSION} is not as expected: no {module.__name__}.{name}")
    return found


def put_around(module: Any, name: str, around: Callable[..., Any]) -> None:
    """From now on `around` is called in its place, with what it is there before anything else."""
    original = expected_callable(module, name)

    def replacement(*args: Any, **kwargs: Any) -> Any:
        return around(original, *args, **kwargs)

    setattr(module, name, replacement)
