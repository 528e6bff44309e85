"""What is left of a customer when their orders are erased: where, and until when. Told, not hidden."""

from dataclasses import dataclass

from takeaway.paths import REPOSITORY, contexts
from takeaway.run.client.functions import log_groups
from takeaway.run.client.readers import kept_of_customers
from takeaway.run.client.system import System

BACKUP_DAYS = 35  # of a table: the longest that DynamoDB can be restored from
HISTORY_DAYS = 90  # of an execution that has ended, AWS Step Functions
ELSEWHERE = "its owner erases it"
ORDERS = "orders"


@dataclass(frozen=True)
class Remains:
    what: str
    where: str
    until: str


def remains_of(system: System) -> list[Remains]:
    """The days are those that this deployment has, where it says them."""
    kept = {group.get("retentionInDays") for group in log_groups(system.target)}
    found = [
        Remains("name and e-mail address", "the bus's archive, in order_completed", _days(_archived(system))),
        Remains("all of an order", f"backups of the table {system.target.prefix}-orders", _days({BACKUP_DAYS})),
        Remains("ids of orders", "logs of functions and of the API", _days(kept)),
        Remains("ids of orders", "histories of executions", _days({HISTORY_DAYS})),
        Remains("the e-mails", "the customer's mailbox", "the customer deletes them"),
    ]
    said = {
        name: kept_of_customers(name) for name in contexts(REPOSITORY) if name != ORDERS and system.stacks.has(name)
    }
    return found + [Remains(what, name, ELSEWHERE) for name, what in said.items()]


def _archived(system: System) -> set[int | None]:
    events, bus = system.target.client("events"), system.stacks.output("bus", "BusName")
    arn = events.describe_event_bus(Name=bus)["Arn"]
    return {archive.get("RetentionDays") for archive in events.list_archives(EventSourceArn=arn)["Archives"]}


def _days(found: set[int | None]) -> str:
    """The longest. An archive or a log without an end keeps for ever."""
    if not found:
        return "there is none here"
    return "for ever" if None in found else f"{max(each for each in found if each)} days after it happened"
