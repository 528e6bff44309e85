"""The command line: reads what was typed, calls one thing, shows what came of it."""
