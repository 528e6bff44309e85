"""Start, find and stop the embedded engine, and tell how engines differ."""
