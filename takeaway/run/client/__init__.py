"""Talking to a deployed system, wherever it runs: found by its stacks' outputs, read through public interfaces."""
