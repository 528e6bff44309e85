"""The command line: each command reads its arguments, makes one call, and prints the result.

A command's file has its name: `dlq` and `redrive` share dlq_redrive.py. Files not named like a command serve all.
"""
