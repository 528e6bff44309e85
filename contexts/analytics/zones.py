r"""The layout of the lake. Every name of an object is made here.

raw/event_type=…/date=…/….ndjson.gz   the events as they came: written once, never changed
new/event_type=…/date=…/….ndjson.gz   an empty marker for each raw object that is not in the curated zone yet;
                                      one that is set again has another name, so nobody takes it for the first
curated/date=…/events.parquet         every event of a day once; the file is replaced as a whole
aggregates/date=…/aggregates.parquet  figures of that day that a report adds up; made of the curated zone alone
orders/date=…/orders.parquet          which orders have events on that day, as hashes; none is ever removed
quarantine/….json                     messages that could not be read, with the reason
reports/                              the latest report

Objects of other names, such as a console's "create folder" or an editor's copy, are left alone.
"""

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path

RAW, NEW, CURATED, QUARANTINE, REPORTS = "raw/", "new/", "curated/", "quarantine/", "reports/"
AGGREGATES, ORDERS = "aggregates/", "orders/"
DATE = "date="
_DAY = rf"{DATE}(?P<day>\d{{4}}-\d\d-\d\d)"
_NAMES = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        rf"(?:{RAW}|{NEW})event_type=[a-z][a-z0-9_]{{0,63}}/{_DAY}/[\w.-]+\.ndjson\.gz",
        rf"{CURATED}{_DAY}/events\.parquet",
        rf"{AGGREGATES}{_DAY}/aggregates\.parquet",
        rf"{ORDERS}{_DAY}/orders\.parquet",
        rf"{QUARANTINE}[\w.-]+\.json",
    )
)
_AGAIN = re.compile(r"\.again-[0-9a-f]+(?=\.ndjson\.gz$)")


def raw_object(event_type: str, date: str, name: str) -> str:
    return f"{RAW}event_type={event_type}/{DATE}{date}/{name}.ndjson.gz"


def marker(raw_name: str, *, again: str = "") -> str:
    """Return the marker of a raw object; the hexadecimal `again` tells a marker that is set again from earlier ones."""
    name = NEW + raw_name.removeprefix(RAW)
    return name.replace(".ndjson.gz", f".again-{again}.ndjson.gz") if again else name


def marked(marker_name: str) -> str:
    """Return the raw object of a marker."""
    return RAW + _AGAIN.sub("", marker_name).removeprefix(NEW)


def curated_object(date: str) -> str:
    return f"{CURATED}{DATE}{date}/events.parquet"


def aggregates_object(date: str) -> str:
    return f"{AGGREGATES}{DATE}{date}/aggregates.parquet"


def orders_object(date: str) -> str:
    return f"{ORDERS}{DATE}{date}/orders.parquet"


def part(zone: str, date: str) -> str:
    """Return the beginning of all names that are about this day, in a zone or in an event type's part of it."""
    return f"{zone}{DATE}{date}/"


def date_of(name: str) -> str:
    """Return the day that an object or a marker is about, in any zone that has days."""
    return next(part.removeprefix(DATE) for part in name.split("/") if part.startswith(DATE))


def ours(names: Iterable[str]) -> list[str]:
    """Return those of the names in a lake that the functions of this context have given."""
    return [name for name in names if any(_is_named(name, pattern) for pattern in _NAMES)]


def name_of(file: Path) -> str:
    """Return the name of the object that was fetched into that file."""
    parts = file.as_posix().split("/")
    return next(iter(ours("/".join(parts[first:]) for first in range(len(parts)))), file.as_posix())


def _is_named(name: str, pattern: re.Pattern[str]) -> bool:
    found = pattern.fullmatch(name)
    if not found:
        return False
    try:
        day = found.groupdict().get("day")
        return day is None or bool(date.fromisoformat(day))
    except ValueError:
        return False
