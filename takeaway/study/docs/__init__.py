"""Generate parts of the documentation from their sources, so that they can't become outdated."""
