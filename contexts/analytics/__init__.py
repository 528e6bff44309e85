"""Analytics: keeps every event in a lake and reports on it.

Reacts to events; its code is flat, because it decides nothing.
"""
