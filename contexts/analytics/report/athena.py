"""The report's figures as queries for Athena, for lakes that outgrow one machine.

`python -m contexts.analytics.report.athena revenue_by_day` prints one query over the table `aggregates`; without a name
it lists the names. The queries are the report's own files of SQL, in words that DuckDB and Athena both know. They
differ from the report in two ways: days and hours are UTC, and events that are not compacted yet are missing.
"""

import sys

from contexts.analytics import aggregates
from contexts.analytics.report.figures import FIGURES

WITH = f"""WITH parts AS (
SELECT {aggregates.PART} FROM aggregates WHERE figure = 'open'
), orders AS (
{aggregates.ORDERS}), facts AS (
SELECT {aggregates.FACT} FROM aggregates WHERE figure <> 'open'
UNION ALL
{aggregates.FACTS})"""  # noqa: S608 - our own files and columns


def statement(figure: str) -> str:
    """Return the complete query of a figure. Raises KeyError."""
    query = FIGURES[figure]
    own = query.removeprefix("WITH ") if (joined := query.startswith("WITH ")) else query
    return f"{WITH}{', ' if joined else chr(10)}{own}"


if __name__ == "__main__":
    for name in sys.argv[1:]:
        if name not in FIGURES:
            sys.exit(f"There is no figure {name!r}: give one of {', '.join(FIGURES)}.")
        print(statement(name))
    if not sys.argv[1:]:
        print("\n".join(FIGURES))
