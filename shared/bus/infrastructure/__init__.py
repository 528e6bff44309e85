"""The stack of the shared bus, and its app."""
