"""The command line: runs the system (run), checks changes (check), and compares architectures (study)."""
