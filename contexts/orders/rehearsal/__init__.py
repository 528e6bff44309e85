"""A rehearsal of orders in memory: the real steps behind the states of the real workflow, on every possible way.

`python -m contexts.orders.rehearsal` prints the result as JSON: the facts of this context. Pages, costs, the demo,
tests and permissions are made from them, so that nobody else has to declare or import anything of orders.
"""
