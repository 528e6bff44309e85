"""The demo: every example order on an engine of its own, told as it happens, and checked."""
