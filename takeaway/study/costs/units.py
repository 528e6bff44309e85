"""The units that AWS bills; each field has a price of the same name in prices.toml."""

from decimal import Decimal
from typing import Self

from takeaway.study.costs.figure_file import Figures

Count = Decimal
NONE = Decimal(0)
CHUNK = 64 * 1024  # bytes; a larger message is billed as several
GIGABYTE = Decimal(2**30)
TABLE = "AWS::DynamoDB::Table"
# What a workflow in code costs, and with it what any workflow does, besides the functions that it runs.
DURABLE = ("durable_operations", "durable_gigabytes", "durable_gb_months")
WORKFLOW = ("state_transitions", *DURABLE)


class Units(Figures):
    """The used amount of each unit: by one order, by all orders of a month, or by a month without orders.

    Units can be added (`Units(state_transitions=8) + Units(emails=2)`) and scaled (`* 1_000_000`). Amounts may be
    fractions, because they describe an average order.
    """

    state_transitions: Count = NONE
    durable_operations: Count = NONE
    durable_gigabytes: Count = NONE  # written
    durable_gb_months: Count = NONE  # of histories that are kept
    function_requests: Count = NONE
    function_gb_seconds: Count = NONE
    function_disk_gb_seconds: Count = NONE  # beyond the first half gigabyte
    api_requests: Count = NONE
    events_published: Count = NONE  # each 64 KB of one is one
    archived_gigabytes: Count = NONE
    archive_gb_months: Count = NONE
    events_replayed: Count = NONE
    schedules_fired: Count = NONE
    queue_requests: Count = NONE  # each 64 KB of one is one
    topic_publishes: Count = NONE
    topic_deliveries: Count = NONE  # by HTTPS; those to queues and functions are free
    emails: Count = NONE
    table_writes: Count = NONE  # write request units: a kilobyte each, of the table and of each index
    table_reads: Count = NONE  # read request units: four kilobytes each, consistent
    table_gb_months: Count = NONE
    table_backup_gb_months: Count = NONE
    bucket_writes: Count = NONE
    bucket_reads: Count = NONE
    bucket_gb_months: Count = NONE
    log_gigabytes: Count = NONE
    log_gb_months: Count = NONE
    traces: Count = NONE
    metrics: Count = NONE
    alarms: Count = NONE
    dashboards: Count = NONE
    keys: Count = NONE

    def counted(self) -> dict[str, Decimal]:
        """Return the units that are not zero, by name."""
        return {name: count for name in type(self).model_fields if (count := getattr(self, name))}

    def __add__(self, other: Self) -> Self:
        return type(self)(**{name: getattr(self, name) + getattr(other, name) for name in type(self).model_fields})

    def __mul__(self, times: Decimal | int) -> Self:
        return type(self)(**{name: count * times for name, count in self.counted().items()})

    __rmul__ = __mul__
