"""Reads ways.toml, which declares the ways that an order can go."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

FILE = Path(__file__).with_name("ways.toml")

When = Literal["early", "waiting", "late"]


class NotAWay(ValueError):
    """ways.toml has a mistake; the message names the way and the field."""


@dataclass(frozen=True)
class Act:
    """A call of the API that a person makes before, during or after the timeout of a waiting state."""

    call: str
    when: When = "waiting"

    @classmethod
    def of(cls, way: str, said: Any) -> "Act":
        fields = {"call": said} if isinstance(said, str) else said
        if not isinstance(fields, dict) or not fields.keys() <= {"call", "when"} or "call" not in fields:
            raise NotAWay(f"{way}: does: expected a call, or {{call = …, when = …}}, got {said!r}")
        if fields.get("when", "waiting") not in get_args(When):
            raise NotAWay(f"{way}: when: expected {', '.join(get_args(When))}, got {fields['when']!r}")
        return cls(**fields)


@dataclass(frozen=True)
class Way:
    """One way through the workflow; ways.toml explains its fields."""

    name: str
    states: tuple[str, ...]
    does: Mapping[str, Act] = field(default_factory=dict)
    fails: frozenset[str] = frozenset()
    stops: str | None = None
    order: Mapping[str, Any] = field(default_factory=dict)


def ways(file: Path = FILE) -> list[Way]:
    """Return the ways in the order of the file. Raises NotAWay."""
    return [_way(name, said) for name, said in tomllib.loads(file.read_text(encoding="utf-8")).items()]


def _way(name: str, said: Mapping[str, Any]) -> Way:
    if unknown := sorted(said.keys() - Way.__dataclass_fields__.keys()):
        raise NotAWay(f"{name}: no such field: {', '.join(unknown)}")
    if not said.get("states"):
        raise NotAWay(f"{name}: states: expected the states that it enters")
    return Way(
        name=name,
        states=tuple(said["states"]),
        does={state: Act.of(name, each) for state, each in said.get("does", {}).items()},
        fails=frozenset(said.get("fails", ())),
        stops=said.get("stops"),
        order=said.get("order", {}),
    )
