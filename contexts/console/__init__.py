"""The console: a neighbour like any other, which keeps a journal of events and messages for people to look at.

It records every event of the bus and every message to a restaurant. Orders does not know that it exists.
"""
