"""The same stories in all four systems, on an engine of their own: what each does is counted or measured, then told.

Nothing here knows which system is better. Stories touch the engine and return findings; findings become rows, and rows
become a table, a page in Markdown and one with charts.
"""
