"""One function per file."""
