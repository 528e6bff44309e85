"""A file for each page: its routes, and what its live parts show."""
