"""A page on this machine that shows a running system: `takeaway console`. Reads and acts as commands do."""
