"""Orders, rehearsed in memory: its real steps behind the states of its real workflow, on every way that it can go.

`python -m contexts.orders.rehearsal` prints what comes of it as JSON: the facts of this context. Pages, costs, the
demo, tests and permissions are made from them, so that nobody else has to declare or import anything of orders.
"""
