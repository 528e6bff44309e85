"""DuckDB as compaction and report use it: on files of this machine, and with nothing from the internet."""

import glob
import re
import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import duckdb

from contexts.analytics import columns, zones
from contexts.analytics.folder_lake import NotPossible

# What follows it in DuckDB's words is a value of that line, and nobody knows whose.
BEFORE_A_VALUE = re.compile(r".*? in line \d+")


class UnreadableObjects(Exception):
    """Objects that are not what their names say: by file a sentence, with its name and no value of it."""

    def __init__(self, files: dict[Path, str]) -> None:
        self.files = files
        super().__init__("; ".join(files.values()))


class UnusablePath(NotPossible):
    """A folder whose name DuckDB can't be given."""


def database(*, threads: int | None = None, memory: str | None = None) -> duckdb.DuckDBPyConnection:
    """A connection for one use: the tables and views that it makes are temporary, and go when it is closed."""
    return _engine(threads, memory).cursor()


@cache
def _engine(threads: int | None, memory: str | None) -> duckdb.DuckDBPyConnection:
    """DuckDB that keeps to this machine: what it has not built in it does not look for on the internet.

    One for a process, because it takes 15 ms to start, and a connection to it none.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "allow_community_extensions": "false",
        "preserve_insertion_order": "false",
        "temp_directory": tempfile.gettempdir(),
        "TimeZone": "UTC",
    }
    if threads:
        config["threads"] = threads
    if memory:
        config["memory_limit"] = memory
    return duckdb.connect(config=config)


def load_raw(duck: duckdb.DuckDBPyConnection, table: str, files: Iterable[Path]) -> None:
    """Make a table of the lines of raw objects, in the columns of the curated zone. Raises UnreadableObjects."""
    load_parquet(duck, table, columns.LINES, list(files), empty=columns.EMPTY)


def load_curated(duck: duckdb.DuckDBPyConnection, table: str, files: Iterable[Path]) -> None:
    """Raises UnreadableObjects."""
    load_parquet(duck, table, columns.ROWS, list(files), empty=columns.EMPTY)


def pattern(file: Path) -> str:
    """What matches this file alone: DuckDB takes each name for a pattern, in which `lake[1]` is lake1.

    Raises UnusablePath.
    """
    text = str(file.absolute())
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UnusablePath(f"{text!a} is not UTF-8: rename its folder.") from None
    if "\\" in text and glob.has_magic(text):  # of what is behind a backslash, nothing can be escaped
        raise UnusablePath(f"{text} has a backslash, and one of * ? [ beside it: rename its folder.")
    return glob.escape(text)


def literal(text: str) -> str:
    """The text as it stands in SQL, where that takes no parameters."""
    return "'" + text.replace("'", "''") + "'"


def load_parquet(duck: duckdb.DuckDBPyConnection, table: str, select: str, files: list[Path], *, empty: str) -> None:
    """Make a table of what is selected from `$files`, or of `empty` when there are none. Raises UnreadableObjects."""
    if not files:
        duck.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {empty}")
        return
    parameters = {"files": [pattern(file) for file in files]}
    try:
        duck.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {select}", parameters)
    except duckdb.Error as error:
        if found := unreadable(duck, select, files):
            raise UnreadableObjects(found) from error
        raise


def unreadable(duck: duckdb.DuckDBPyConnection, select: str, files: Iterable[Path]) -> dict[Path, str]:
    """Which of these can't be read, and why. Each is read alone: for when something has failed."""
    found: dict[Path, str] = {}
    for file in files:
        try:
            duck.execute(f"CREATE OR REPLACE TEMP TABLE looked_at AS {select}", {"files": [pattern(file)]})
        except duckdb.Error as error:
            found[file] = f"{zones.name_of(file)}: {_words(error, file)}"
    duck.execute("DROP TABLE IF EXISTS looked_at")
    return found


def _words(error: Exception, file: Path) -> str:
    """The first line of what it says, or its class if it says nothing."""
    said = str(error).strip().partition("\n")[0]
    said = (found[0] if (found := BEFORE_A_VALUE.match(said)) else said).replace(str(file.absolute()), file.name)
    return "".join(letter if letter.isprintable() else "?" for letter in said) or type(error).__name__
