"""Violations to plant, a table for each group of rules."""
