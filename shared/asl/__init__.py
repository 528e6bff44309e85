"""Reads workflows in the Amazon States Language: their states and transitions in `graph`, their data in `data`.

The only reader of the language in this repository. It knows the part of it that our workflows use, and raises
`data.NotUnderstood` for anything else instead of guessing.
"""
