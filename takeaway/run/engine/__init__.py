"""The embedded engine: starting it, knowing it again, stopping it, and what sets it apart from other engines."""
