"""DuckDB as compaction and report use it: on files of this machine, and with nothing from the internet."""

import tempfile
from collections.abc import Iterable
from pathlib import Path

import duckdb

from contexts.analytics import columns


def database(*, threads: int | None = None, memory: str | None = None) -> duckdb.DuckDBPyConnection:
    """DuckDB that keeps to this machine: what it has not built in it does not look for on the internet."""
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
    """Make a table of the lines of raw objects, in the columns of the curated zone."""
    _load(duck, table, columns.LINES, files)


def load_curated(duck: duckdb.DuckDBPyConnection, table: str, files: Iterable[Path]) -> None:
    _load(duck, table, columns.ROWS, files)


def _load(duck: duckdb.DuckDBPyConnection, table: str, select: str, files: Iterable[Path]) -> None:
    parameters = {"files": [str(file) for file in files]}
    if parameters["files"]:
        duck.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {select}", parameters)
    else:
        duck.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {columns.EMPTY}")
