"""List the data that is left of a customer after `takeaway forget`: where it is, and until when."""

from dataclasses import dataclass

from takeaway.paths import REPOSITORY, contexts
from takeaway.run.client.functions import log_groups
from takeaway.run.client.readers import kept_of_customers
from takeaway.run.client.system import System

BACKUP_DAYS = 35  # DynamoDB's point-in-time recovery
HISTORY_DAYS = 90  # Step Functions keeps the history of an ended execution
ELSEWHERE = "its owner erases it"
ORDERS = "orders"


@dataclass(frozen=True)
class Remains:
    what: str
    where: str
    until: str


def remains_of(system: System) -> list[Remains]:
    """List the data that remains of a customer; days of retention are those of the deployed archive and log groups."""
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
    """Tell the longest of these retentions in days; None means that the archive or log group never expires."""
    if not found:
        return "there is none here"
    return "for ever" if None in found else f"{max(each for each in found if each)} days after it happened"
