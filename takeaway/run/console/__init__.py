"""Serve pages on this machine that show a running system, with the same client as commands: `takeaway console`."""
