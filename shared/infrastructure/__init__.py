"""The paved road: constructs that give every context the same sound defaults in its template."""
