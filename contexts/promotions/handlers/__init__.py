"""One function per file: turn what AWS delivers into a call of a use case."""
