"""One function per file: turn what AWS delivers into a call of this context's code."""
