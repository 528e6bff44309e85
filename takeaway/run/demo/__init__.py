"""The demo: plays every example order on an engine of its own, tells it as it happens, and checks the result."""
