"""Orders in the state in which each function of the workflow gets them and has everything to do."""

from uuid import uuid4

from takeaway.facts import facts_of
from takeaway.run.client.system import System


def order_for(system: System, function: str) -> str:
    """Store a new order for a function. Returns its id."""
    order_id = str(uuid4())
    item = {**facts_of("orders").before[function], "order_id": {"S": order_id}}
    table = system.stacks.output("orders", "OrdersTable")
    system.target.client("dynamodb").put_item(TableName=table, Item=item)
    return order_id
