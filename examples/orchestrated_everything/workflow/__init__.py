"""The process of three contexts: everything.asl.json."""
