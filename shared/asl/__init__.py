"""Reads workflows in the Amazon States Language: `graph` what leads where, `data` what becomes of results and choices.

The only reader of the language here. It knows as much of it as our workflows use, and says so where it is asked for
more: `data.NotUnderstood`.
"""
