"""How the lake is laid out, and what whoever works on it may ask of it. Every name of an object is made here.

raw/event_type=…/date=…/….ndjson.gz   the events as they came: written once, never changed
new/event_type=…/date=…/….ndjson.gz   an empty marker for each raw object that is not in the curated zone yet
curated/date=…/events.parquet         every event of a day once; the file is replaced as a whole
quarantine/….json                     what could not be read, with the reason
reports/                              the report, as it was made last
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

RAW, NEW, CURATED, QUARANTINE, REPORTS = "raw/", "new/", "curated/", "quarantine/", "reports/"
DATE = "date="


class LakeUnavailable(Exception):
    """The lake did not do what it was asked to; trying again may help."""


class Conflict(Exception):
    """Somebody else has replaced the object since it was read."""


class Lake(Protocol):
    """Objects by name. Each is written as a whole or not at all. Everything here raises LakeUnavailable."""

    def put(self, name: str, content: bytes) -> None: ...

    def names(self, prefix: str) -> list[str]: ...

    def fetch(self, names: Iterable[str], folder: Path) -> list[Path]:
        """The objects as files to read, in that folder or where they are; those that are gone are left out."""
        ...

    def version(self, name: str) -> str | None:
        """What tells this content of the object from the next; None while there is no such object."""
        ...

    def replace(self, name: str, file: Path, *, expected: str | None) -> None:
        """Put the file in the place of the version that is expected there. Raises Conflict when it is another."""
        ...

    def delete(self, names: Iterable[str]) -> None: ...


def raw_object(event_type: str, date: str, name: str) -> str:
    return f"{RAW}event_type={event_type}/{DATE}{date}/{name}.ndjson.gz"


def marker(raw_name: str) -> str:
    """The marker of a raw object."""
    return NEW + raw_name.removeprefix(RAW)


def marked(marker_name: str) -> str:
    """The raw object of a marker."""
    return RAW + marker_name.removeprefix(NEW)


def curated_object(date: str) -> str:
    return f"{CURATED}{DATE}{date}/events.parquet"


def date_of(name: str) -> str:
    """The day whose events an object of the raw zone, its marker or a curated object holds."""
    return next(part.removeprefix(DATE) for part in name.split("/") if part.startswith(DATE))
