"""The command line: reads what was typed, calls one thing, shows what came of it.

A command is in the file that has its name: `dlq` and `redrive` share dlq_redrive.py. The other files serve all of them.
"""
