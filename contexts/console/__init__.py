"""The console: a neighbour like any other, that keeps a journal of what crosses the boundaries for people to look at.

It records every event of the bus and every message to a restaurant. Orders does not know that it exists.
"""
