"""Play the same stories in all wirings, on an engine of their own, and count or measure what each does.

No code here judges which wiring is better. Stories use the engine and return findings. Findings become rows, and rows
become a table, a Markdown page, and an HTML page with charts.
"""
