"""Print the facts of orders as JSON."""

import json
import sys

from contexts.orders.rehearsal.facts import facts
from contexts.orders.rehearsal.ways import NotAWay
from shared.asl.data import NotUnderstood

if __name__ == "__main__":
    try:
        sys.stdout.write(json.dumps(facts(), indent=2) + "\n")
    except (NotAWay, NotUnderstood) as error:
        sys.exit(f"orders can't be rehearsed: {error}")
