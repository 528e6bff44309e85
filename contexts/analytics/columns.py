"""The columns of an event in the raw and the curated zone, and of the aggregates. New ones are added at the end."""

# Declared instead of detected from the files, so that an empty or one-sided lake has the same columns as a full one.
RAW = """{
    event_id: 'VARCHAR', event_type: 'VARCHAR', occurred_at: 'TIMESTAMP', order_id: 'VARCHAR', restaurant_id: 'VARCHAR',
    total: 'STRUCT(amount BIGINT, currency VARCHAR)', pieces: 'BIGINT', reason: 'VARCHAR'
}"""


def none_of(table: tuple[tuple[str, str, str, str], ...]) -> str:
    """Return a query for no row of a table, with its columns."""
    return f"SELECT {', '.join(f'NULL::{kind} AS {name}' for name, kind, *_ in table)} WHERE false"


# name, type for DuckDB, type for Athena, description
CURATED = (
    ("event_id", "VARCHAR", "string", "Identity of the state change; unique"),
    ("event_type", "VARCHAR", "string", "order_placed, order_accepted, …"),
    ("occurred_at", "TIMESTAMP", "timestamp", "When the state changed, in UTC"),
    ("order_id", "VARCHAR", "string", "The order"),
    ("restaurant_id", "VARCHAR", "string", "The restaurant that the order is for"),
    ("amount", "BIGINT", "bigint", "Total of a completed order, in minor units of its currency"),
    ("currency", "VARCHAR", "string", "ISO 4217 code of the amount; never add up two of them"),
    ("pieces", "BIGINT", "bigint", "How many dishes a completed order had"),
    ("reason", "VARCHAR", "string", "Why a restaurant rejected an order, in its own words"),
)

NAMES = ", ".join(name for name, *_ in CURATED)
EMPTY = none_of(CURATED)
OF_A_LINE = (
    NAMES.replace("amount, currency", "total.amount AS amount, total.currency AS currency")
    .replace("event_id", "coalesce(event_id, error('a line without event_id')) AS event_id")
    .replace("occurred_at", "coalesce(occurred_at, error('a line without occurred_at')) AS occurred_at")
)
LINES = (
    f"SELECT {OF_A_LINE}"  # noqa: S608
    # The compression is given because DuckDB does not find the file's ending if its path has a question mark.
    f" FROM read_json($files, format = 'newline_delimited', compression = 'gzip', columns = {RAW},"
    " hive_partitioning = false)"
)
# In files that are older than a column, that column is read as empty.
ROWS = (
    f"SELECT {NAMES} FROM ({EMPTY} UNION ALL BY NAME"  # noqa: S608
    " FROM read_parquet($files, union_by_name = true, hive_partitioning = false))"
)

# A row of the aggregates is a fact, to be added to the same fact of other days; or, with the figure `open`, the part of
# an order that one day's events tell, because the order may have events on other days.
AGGREGATES = (
    ("figure", "VARCHAR", "string", "What is counted: events, orders, waits, placed, revenue, baskets; or open"),
    ("restaurant_id", "VARCHAR", "string", "The restaurant"),
    ("currency", "VARCHAR", "string", "ISO 4217 code of the amount; never add up two of them"),
    ("status", "VARCHAR", "string", "orders: what they came to"),
    ("reason", "VARCHAR", "string", "orders, open: why they were rejected"),
    ("notified", "BOOLEAN", "boolean", "orders, open: whether the restaurant was told"),
    ("accepted", "BOOLEAN", "boolean", "orders: whether the restaurant accepted"),
    ("quarter", "TIMESTAMP", "timestamp", "placed, revenue: the quarter of an hour in which it happened, in UTC"),
    ("value", "BIGINT", "bigint", "waits: twentieths of a second; baskets: amount of each, in minor units"),
    ("number", "BIGINT", "bigint", "How many of these there were"),
    ("amount", "DECIMAL(38,0)", "decimal(38,0)", "revenue: sum of their amounts, in minor units; open: the amount"),
    ("pieces", "DECIMAL(38,0)", "decimal(38,0)", "baskets: sum of their dishes; open: how many it has"),
    ("with_pieces", "BIGINT", "bigint", "baskets: of how many the dishes are known"),
    ("least", "BIGINT", "bigint", "waits: milliseconds of the shortest beyond `value`"),
    ("most", "BIGINT", "bigint", "waits: milliseconds of the longest beyond `value`"),
    ("first_at", "TIMESTAMP", "timestamp", "events: when the first of them happened"),
    ("last_at", "TIMESTAMP", "timestamp", "events: when the last of them happened"),
    ("order_id", "VARCHAR", "string", "open: the order"),
    ("step", "BIGINT", "bigint", "open: how far it came on that day"),
    ("placed_at", "TIMESTAMP", "timestamp", "open: when it was placed"),
    ("accepted_at", "TIMESTAMP", "timestamp", "open: when it was accepted"),
    ("completed_at", "TIMESTAMP", "timestamp", "open: when it was completed"),
)
