"""DuckDB as compaction and report use it: on files of this machine, with nothing from the internet."""

import glob
import re
import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import duckdb

from contexts.analytics import columns, zones
from contexts.analytics.folder_lake import NotPossible

# The part of DuckDB's message that may be shown: behind it comes a value of that line, which may be personal.
BEFORE_A_VALUE = re.compile(r".*? in line \d+")


class UnreadableObjects(Exception):
    """Objects whose content is not what their names say.

    `files` has a sentence for each file, with its name and none of its values.
    """

    def __init__(self, files: dict[Path, str]) -> None:
        self.files = files
        super().__init__("; ".join(files.values()))


class UnusablePath(NotPossible):
    """The folder's name can't be given to DuckDB."""


def database(*, threads: int | None = None, memory: str | None = None) -> duckdb.DuckDBPyConnection:
    """Open a connection for one use. Its tables and views are temporary, and vanish when it is closed."""
    return _engine(threads, memory).cursor()


@cache
def _engine(threads: int | None, memory: str | None) -> duckdb.DuckDBPyConnection:
    """Start DuckDB without extensions from the internet.

    Cached per process, because starting takes 15 ms and a connection to it none.
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
    """Make a table of the lines of raw objects, with the columns of the curated zone. Raises UnreadableObjects."""
    load_parquet(duck, table, columns.LINES, list(files), empty=columns.EMPTY)


def load_curated(duck: duckdb.DuckDBPyConnection, table: str, files: Iterable[Path]) -> None:
    """Make a table of the rows of curated files. Raises UnreadableObjects."""
    load_parquet(duck, table, columns.ROWS, list(files), empty=columns.EMPTY)


def pattern(file: Path) -> str:
    """Return a glob pattern that matches this file alone. Raises UnusablePath.

    Needed because DuckDB takes each name for a pattern, in which `lake[1]` means lake1.
    """
    text = str(file.absolute())
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UnusablePath(f"{text!a} is not UTF-8: rename its folder.") from None
    if "\\" in text and glob.has_magic(text):  # a backslash makes escaping impossible
        raise UnusablePath(f"{text} has a backslash, and one of * ? [ beside it: rename its folder.")
    return glob.escape(text)


def literal(text: str) -> str:
    """Quote a text as an SQL literal, for places that take no parameters."""
    return "'" + text.replace("'", "''") + "'"


def load_parquet(duck: duckdb.DuckDBPyConnection, table: str, select: str, files: list[Path], *, empty: str) -> None:
    """Make a table of `select` over `$files`, or of `empty` if there are no files. Raises UnreadableObjects."""
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
    """Return the files that can't be read, each with the reason.

    Reads each alone, so it is for after a failure.
    """
    found: dict[Path, str] = {}
    for file in files:
        try:
            duck.execute(f"CREATE OR REPLACE TEMP TABLE looked_at AS {select}", {"files": [pattern(file)]})
        except duckdb.Error as error:
            found[file] = f"{zones.name_of(file)}: {_words(error, file)}"
    duck.execute("DROP TABLE IF EXISTS looked_at")
    return found


def _words(error: Exception, file: Path) -> str:
    """Return the first line of DuckDB's message without values, or the error's class if there is none."""
    said = str(error).strip().partition("\n")[0]
    said = (found[0] if (found := BEFORE_A_VALUE.match(said)) else said).replace(str(file.absolute()), file.name)
    return "".join(letter if letter.isprintable() else "?" for letter in said) or type(error).__name__
